// Package smoke proves the rig with nothing of Lamella's in it: upstream's control plane and a
// whole kubelet, a toy device plugin, and pods that ask for its devices.
package smoke

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// patience is for one step on a busy machine with two processors.
const patience = 60 * time.Second

// process is a program of the rig, with its output in DIR/NAME.log.
type process struct {
	name  string
	cmd   *exec.Cmd
	log   string
	ended chan struct{}
}

// launches runs on one thread that lives as long as the tests: a child's death signal is sent when
// the *thread* that started it ends.
var launches = make(chan func())

func init() {
	go func() {
		runtime.LockOSThread()
		for launch := range launches {
			launch()
		}
	}()
}

// launch starts a program that ends with the test, whichever way the test ends.
func launch(t *testing.T, dir, name string, arguments ...string) *process {
	t.Helper()
	p := &process{name: name, log: filepath.Join(dir, name+".log"), ended: make(chan struct{})}
	log, err := os.OpenFile(p.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	p.cmd = exec.Command(arguments[0], arguments[1:]...)
	p.cmd.Dir = dir
	p.cmd.Stdout, p.cmd.Stderr = log, log
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
	started := make(chan error)
	launches <- func() { started <- p.cmd.Start() }
	if err := <-started; err != nil {
		t.Fatalf("%s does not start: %v", name, err)
	}
	go func() {
		_ = p.cmd.Wait() // how it ended is seen in its log
		close(p.ended)
	}()
	t.Cleanup(p.stop)
	return p
}

// stop asks, and after five seconds insists. Stopping twice does no harm.
func (p *process) stop() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.ended:
	case <-time.After(5 * time.Second):
		_ = p.cmd.Process.Kill()
		<-p.ended
	}
}

// alive is an error with the end of the log if the process is gone.
func (p *process) alive() error {
	select {
	case <-p.ended:
		text, err := os.ReadFile(p.log)
		return errors.Join(fmt.Errorf("%s ended: %s", p.name, tail(string(text), 15)), err)
	default:
		return nil
	}
}

// resident is the process's memory, for the report.
func (p *process) resident() string {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return "ended"
	}
	for line := range strings.Lines(string(text)) {
		var kilobytes int
		if _, err := fmt.Sscanf(line, "VmRSS: %d kB", &kilobytes); err == nil {
			return fmt.Sprintf("%d MB", kilobytes/1024)
		}
	}
	return "ended"
}

func tail(text string, lines int) string {
	all := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(all[max(0, len(all)-lines):], "\n")
}

// eventually waits for a condition; what is still missing is the failure's message.
func eventually(t *testing.T, what string, condition func() error) {
	t.Helper()
	start := time.Now()
	var missing error
	for time.Since(start) < patience {
		if missing = condition(); missing == nil {
			t.Logf("%6.2f s  %s", time.Since(start).Seconds(), what)
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("%s: not after %v: %v", what, patience, missing)
}
