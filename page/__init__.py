"""What all tabs share of the page: theme, fold-outs, languages, and components as ES modules."""
