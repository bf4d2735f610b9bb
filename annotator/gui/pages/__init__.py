"""What a page is. A page knows neither the main window nor another page."""
