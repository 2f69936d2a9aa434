// Package runtime is upstream's fake container runtime with what a whole kubelet needs besides:
// containers that end (an ordinary init container that never ended would hold its pod for good),
// log files, and a record of what each container was created with.
package runtime

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	runtimeapi "k8s.io/cri-api/pkg/apis/runtime/v1"
	"k8s.io/cri-client/pkg/fake"
	kubelettypes "k8s.io/kubelet/pkg/types"
)

// containers outlive the kubelet, as those of a real runtime do: it runs as its own process.
type containers struct {
	*fake.RemoteRuntime
	record   string
	commands sync.Map // container id -> its command, []string
}

func newContainers(record string) *containers {
	runtime := fake.NewFakeRemoteRuntime()
	runtime.RuntimeService.FakeStatus = &runtimeapi.RuntimeStatus{
		Conditions: []*runtimeapi.RuntimeCondition{
			{Type: runtimeapi.RuntimeReady, Status: true},
			{Type: runtimeapi.NetworkReady, Status: true},
		},
	}
	runtime.RuntimeService.FakeLinuxConfiguration = &runtimeapi.LinuxRuntimeConfiguration{
		CgroupDriver: runtimeapi.CgroupDriver_CGROUPFS,
	}
	return &containers{RemoteRuntime: runtime, record: record}
}

// CreateContainer writes the configuration down first: a container that runs has a record.
func (c *containers) CreateContainer(
	ctx context.Context, request *runtimeapi.CreateContainerRequest,
) (*runtimeapi.CreateContainerResponse, error) {
	if err := c.write(request.Config); err != nil {
		return nil, err
	}
	created, err := c.RemoteRuntime.CreateContainer(ctx, request)
	if err != nil {
		return nil, err
	}
	c.commands.Store(created.ContainerId, request.Config.Command)
	log := filepath.Join(request.SandboxConfig.LogDirectory, request.Config.LogPath)
	return created, c.openLog(created.ContainerId, log)
}

// openLog says where the container's log is. Upstream's fake leaves that empty, and a kubelet that
// removes the container then deletes the files named "" + "*": all of its working directory.
func (c *containers) openLog(id, path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(path, nil, 0o644); err != nil {
		return err
	}
	service := c.RuntimeService
	service.Lock()
	defer service.Unlock()
	service.Containers[id].LogPath = path
	return nil
}

// StartContainer also ends the container when its command says so.
func (c *containers) StartContainer(
	ctx context.Context, request *runtimeapi.StartContainerRequest,
) (*runtimeapi.StartContainerResponse, error) {
	started, err := c.RemoteRuntime.StartContainer(ctx, request)
	if err != nil {
		return nil, err
	}
	if command, known := c.commands.LoadAndDelete(request.ContainerId); known {
		if after, code, ends := ending(command.([]string)); ends {
			time.AfterFunc(after, func() { c.end(request.ContainerId, code) })
		}
	}
	return started, nil
}

// end is a no-op for a container that was stopped or removed before its time.
func (c *containers) end(id string, code int32) {
	service := c.RuntimeService
	service.Lock()
	defer service.Unlock()
	container, exists := service.Containers[id]
	if !exists || container.State != runtimeapi.ContainerState_CONTAINER_RUNNING {
		return
	}
	container.State = runtimeapi.ContainerState_CONTAINER_EXITED
	container.FinishedAt = time.Now().UnixNano()
	container.ExitCode = code
	container.Reason = "Completed"
	if code != 0 {
		container.Reason = "Error"
	}
}

func (c *containers) write(config *runtimeapi.ContainerConfig) error {
	dir := filepath.Join(c.record, config.Labels[kubelettypes.KubernetesPodUIDLabel])
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	text, err := json.MarshalIndent(config, "", " ")
	if err != nil {
		return err
	}
	path := filepath.Join(dir, config.Metadata.Name+".json")
	if err := os.WriteFile(path+".part", text, 0o644); err != nil {
		return err
	}
	return os.Rename(path+".part", path)
}

// ending is how a command ends: true and false at once, sleep N after N seconds. Any other runs
// until it is stopped.
func ending(command []string) (after time.Duration, code int32, ends bool) {
	switch {
	case len(command) == 1 && command[0] == "true":
		return 0, 0, true
	case len(command) == 1 && command[0] == "false":
		return 0, 1, true
	case len(command) == 2 && command[0] == "sleep":
		seconds, err := strconv.ParseFloat(command[1], 64)
		return time.Duration(seconds * float64(time.Second)), 0, err == nil
	}
	return 0, 0, false
}
