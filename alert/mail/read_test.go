package mail

import "testing"

func TestRead(t *testing.T) {
	raw := "From: =?utf-8?q?=D0=90?= <a@x.example>\r\nTo: b@x.example\r\nSubject: =?utf-8?q?=D0=91?=\r\nX-Other: no\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n" +
		"--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=D0=92=\r\n=D0=93\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>no\r\n--b--\r\n"
	if got, want := Read([]byte(raw)), "From: А <a@x.example>\nTo: b@x.example\nSubject: Б\n\nВГ"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := Read([]byte("no mail")); got != "no mail" {
		t.Errorf("what is no mail: %q", got)
	}
}
