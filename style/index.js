import './base.css';
import './kernel.css';
