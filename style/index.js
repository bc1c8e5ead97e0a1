import './base.css';
import './kernel.css';
import './history.css';
