import './base.css';
import './kernel.css';
import './history.css';
import './cells.css';
import './frames.css';
import './sidebar.css';
import './toolbar.css';
