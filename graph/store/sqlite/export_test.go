package sqlite

import "database/sql/driver"

// Connect lets a test stand between the store and the engine.
func Connect(with func(open func(string) (driver.Conn, error)) func(string) (driver.Conn, error)) (restore func()) {
	before := connect
	connect = with(before)
	return func() { connect = before }
}
