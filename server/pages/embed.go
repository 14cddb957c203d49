package pages

import "net/url"

// oembedPath is where a page that may be embedded is described.
func oembedPath(address string) string {
	return "/oembed?" + url.Values{"url": {address}}.Encode()
}
