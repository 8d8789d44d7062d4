package configs

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"syscall"
)

// FileName is what a configuration is called in the places where it is looked
// for.
const FileName = "driftwatch.yaml"

// Find says which configuration counts: the file of the --config flag, that of
// $DRIFTWATCH_CONFIG, ./driftwatch.yaml, the one in the user's configuration
// folder ($XDG_CONFIG_HOME/driftwatch, by default ~/.config/driftwatch), the
// one in /etc/driftwatch, or the embedded defaults, which are the empty name.
// A file that the flag or the variable names has to be there; the error, an
// *Error, says who named it. It works without any environment, as under cron: the home
// folder is then the one that the system knows. getenv is os.LookupEnv but for
// tests.
func Find(flag string, getenv func(string) (string, bool)) (file string, err error) {
	return find(flag, getenv, homeFolder, "/etc")
}

// find is Find with the home folder that the system knows and the system's
// folder of configurations.
func find(flag string, getenv func(string) (string, bool), home func() string, system string) (file string, err error) {
	if flag != "" {
		return named(flag, "--config")
	}
	if path, _ := getenv("DRIFTWATCH_CONFIG"); path != "" {
		return named(path, "$DRIFTWATCH_CONFIG")
	}
	return search(places(getenv, home, system))
}

// named checks a file that somebody named.
func named(path, by string) (string, error) {
	switch stat, err := os.Stat(path); {
	case err != nil:
		return "", &Error{File: path, Msg: fmt.Sprintf("the configuration that %s names can't be read: %s", by, cause(err))}
	case stat.IsDir():
		return "", &Error{File: path, Msg: fmt.Sprintf("the configuration that %s names is a folder: name the file in it", by)}
	}
	return path, nil
}

// search gives the first of the paths that is a file. Folders that aren't
// there, or can't be looked into, hold nothing for this user.
func search(paths []string) (string, error) {
	for _, path := range paths {
		stat, err := os.Stat(path)
		switch {
		case err == nil && !stat.IsDir():
			return path, nil
		case err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrPermission) && !errors.Is(err, syscall.ENOTDIR):
			return "", &Error{File: path, Msg: "the configuration can't be looked for: " + cause(err)}
		}
	}
	return "", nil
}

// places are where a configuration is looked for when nobody named one.
func places(getenv func(string) (string, bool), home func() string, system string) []string {
	paths := []string{FileName}
	if folder, _ := getenv("XDG_CONFIG_HOME"); filepath.IsAbs(folder) {
		paths = append(paths, filepath.Join(folder, "driftwatch", FileName))
	} else {
		folder, _ := getenv("HOME")
		if folder == "" {
			folder = home()
		}
		if folder != "" {
			paths = append(paths, filepath.Join(folder, ".config", "driftwatch", FileName))
		}
	}
	return append(paths, filepath.Join(system, "driftwatch", FileName))
}

// homeFolder is the user's home as the system knows it, or nothing.
func homeFolder() string {
	u, err := user.Current()
	if err != nil {
		return ""
	}
	return u.HomeDir
}
