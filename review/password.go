package review

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
)

// The cost of a password's hash: OWASP's least for argon2id. 19 MiB, two passes,
// one thread.
const (
	hashMemory = 19 << 10 // KiB
	hashTime   = 2
	hashBytes  = 32
)

// hashing lets two passwords be hashed at once, so that a flood of logins can't
// take the machine's memory.
var hashing = make(chan struct{}, 2)

// HashPassword hashes a password with argon2id (RFC 9106), in the usual encoded
// form.
func HashPassword(password string) (string, error) {
	salt := make([]byte, 16)
	if _, err := rand.Read(salt); err != nil {
		return "", err
	}
	b64 := base64.RawStdEncoding
	sum := derive(password, salt, hashTime, hashMemory, hashBytes)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=1$%s$%s", argon2.Version, hashMemory, hashTime, b64.EncodeToString(salt), b64.EncodeToString(sum)), nil
}

func derive(password string, salt []byte, time, memory, n uint32) []byte {
	hashing <- struct{}{}
	defer func() { <-hashing }()
	return argon2.IDKey([]byte(password), salt, time, memory, 1, n)
}

// samePassword reports whether a password is the one that was hashed.
func samePassword(encoded, password string) bool {
	parts := strings.Split(encoded, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false
	}
	var memory, time uint32
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=1", &memory, &time); err != nil || memory > 1<<20 || time == 0 || time > 64 {
		return false
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	sum, err2 := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil || err2 != nil || len(sum) == 0 {
		return false
	}
	return subtle.ConstantTimeCompare(sum, derive(password, salt, time, memory, uint32(len(sum)))) == 1
}

// The length of a password, in characters.
const (
	shortestPassword = 10
	longestPassword  = 200
)

// CheckPassword says what is wrong with a password.
func CheckPassword(password string) error {
	n := utf8.RuneCountInString(password)
	switch {
	case !utf8.ValidString(password):
		return errors.New("the password is no text")
	case n < shortestPassword:
		return fmt.Errorf("the password has %d characters; it needs at least %d", n, shortestPassword)
	case n > longestPassword:
		return fmt.Errorf("the password has %d characters; %d are the most", n, longestPassword)
	}
	return nil
}

// CheckUserName says what is wrong with a user's name.
func CheckUserName(name string) error {
	if name == "" || len(name) > 32 {
		return errors.New("a user's name has 1 to 32 characters")
	}
	for _, r := range name {
		if !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || strings.ContainsRune("._-@", r)) {
			return errors.New("a user's name is made of a-z, 0-9, dot, dash, underscore and @")
		}
	}
	return nil
}
