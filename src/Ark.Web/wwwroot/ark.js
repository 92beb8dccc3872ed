// The theme is a cookie, so that the server renders the right one. Without it, the system's preference becomes it.
window.ark = {
  keepTheme(dark) {
    document.cookie = `ark-theme=${dark ? 'dark' : 'light'}; path=/; max-age=31536000; samesite=lax`;
  },
  /** Hands bytes that a page made to the reader as a file. */
  save(name, type, bytes) {
    const link = Object.assign(document.createElement('a'), { href: URL.createObjectURL(new Blob([bytes], { type })), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  },
};
if (!/(^|; )ark-theme=/.test(document.cookie)) {
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  ark.keepTheme(dark);
  if (dark && /(^|; )ark-theme=dark/.test(document.cookie)) location.reload();
}
document.addEventListener('click', (event) => {
  if (!event.target.closest?.('[data-ark-theme]')) return;
  ark.keepTheme(!/(^|; )ark-theme=dark/.test(document.cookie));
  location.reload();
});
