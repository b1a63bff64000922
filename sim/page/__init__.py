"""Pages: one file that shows findings and replays runs in a browser, in English and Chinese; they never simulate."""
