// The header of all pages: <console-header data-page="System" data-badge="overall">.

const PAGES = { Machine: 'index.html', System: 'system.html', Models: 'models.html' };
const BADGES = {
  connection: { state: 'data-state="connecting"', text: 'Connecting' },
  overall: { state: 'data-status="unknown"', text: 'Asking' },
};

function link([name, file], page) {
  return `<a href="${file}"${name === page ? ' aria-current="page"' : ''}>${name}</a>`;
}

class ConsoleHeader extends HTMLElement {
  connectedCallback() {
    const { page, badge } = this.dataset;
    const { state, text } = BADGES[badge];
    this.innerHTML = `
      <header class="bar">
        <div class="brand">
          <svg class="logo" viewBox="0 0 32 32" aria-hidden="true">
            <rect x="1" y="1" width="30" height="30" rx="7"></rect>
            <path d="M6 18h4l3-9 5 14 3-8h5"></path>
          </svg>
          <div>
            <h1>Operations console</h1>
            <p class="muted"><span id="host">…</span><span id="uptime"></span></p>
          </div>
        </div>
        <nav class="pages" aria-label="Pages">${Object.entries(PAGES).map((entry) => link(entry, page)).join('')}</nav>
        <div class="bar-end">
          <p id="${badge}" class="badge" ${state} role="status">
            <span class="dot" aria-hidden="true"></span><span id="${badge}-text">${text}</span>
          </p>
          <button id="theme" class="button" type="button">
            <svg viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="8.5"></circle><path class="half" d="M12 3.5a8.5 8.5 0 0 1 0 17z"></path></svg>
            <span id="theme-text">Theme</span>
          </button>
          <button id="logout" class="button" type="button" hidden>Log out</button>
        </div>
      </header>`;
  }
}

customElements.define('console-header', ConsoleHeader);
