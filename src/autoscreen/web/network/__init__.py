"""What happens before a page is asked: connections, proxies and checks of each request."""
