"""The tabs of the page, one folder each: tab.py builds it; stage.html, stage.css and stage.js are what visitors see."""
