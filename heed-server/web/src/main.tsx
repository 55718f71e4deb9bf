import { render } from 'preact';

render(<h1>Where each word looks</h1>, document.getElementById('page')!);
