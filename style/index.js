import './base.css';
import './kernel.css';
import './sidebar.css';
