// Package runtime is upstream's fake container runtime with what a whole kubelet needs besides:
// containers that end (an ordinary init container that never ended would hold its pod for good),
// log files, and a record of what each container was created with.
package runtime

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"sync"
	"time"

	runtimeapi "k8s.io/cri-api/pkg/apis/runtime/v1"
	"k8s.io/cri-client/pkg/fake"
	kubelettypes "k8s.io/kubelet/pkg/types"
)

// containers outlive the kubelet, as those of a real runtime do: it runs as its own process.
type containers struct {
	*fake.RemoteRuntime
	record string
	lives  sync.Map // container id -> life
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
	// An image that has no size counts as absent: none could be used that is not pulled each time.
	runtime.ImageService.SetFakeImageSize(1)
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
	c.lives.Store(created.ContainerId, lifeOf(request.Config))
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
	if l := c.life(request.ContainerId); l.ends {
		time.AfterFunc(l.after, func() { c.end(request.ContainerId, l.code) })
	}
	return started, nil
}

// StopContainer returns when the container has ended, by itself or killed at the timeout.
func (c *containers) StopContainer(
	ctx context.Context, request *runtimeapi.StopContainerRequest,
) (*runtimeapi.StopContainerResponse, error) {
	wait, code := c.life(request.ContainerId).stopping(time.Duration(request.Timeout) * time.Second)
	select {
	case <-time.After(wait):
		c.end(request.ContainerId, code)
		return &runtimeapi.StopContainerResponse{}, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// RemoveContainer forgets the container's life with it; its record stays.
func (c *containers) RemoveContainer(
	ctx context.Context, request *runtimeapi.RemoveContainerRequest,
) (*runtimeapi.RemoveContainerResponse, error) {
	c.lives.Delete(request.ContainerId)
	return c.RemoteRuntime.RemoveContainer(ctx, request)
}

func (c *containers) life(id string) life {
	if l, known := c.lives.Load(id); known {
		return l.(life)
	}
	return life{}
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
