package watch

import "os/user"

// homeFromPasswd is the user's home as the system knows it: cron and service
// managers start programs without $HOME.
func homeFromPasswd() string {
	u, err := user.Current()
	if err != nil {
		return ""
	}
	return u.HomeDir
}
