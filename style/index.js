import './base.css';
import './kernel.css';
import './cells.css';
import './frames.css';
