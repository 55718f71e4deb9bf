import { render } from 'preact';
import { start } from './state/running';
import './style.css';
import { Shell } from './views/shell';

start();
render(<Shell />, document.getElementById('page')!);
