package smoke

import (
	"context"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	plugin "k8s.io/kubelet/pkg/apis/deviceplugin/v1beta1"
)

const (
	toyResource = "toy.example.com/slice"
	toyEnv      = "TOY_SLICES"
	toyRefusal  = "the toy is out of order"
)

// toyPlugin advertises fixed devices. It runs outside the node's mount namespace: the sockets it
// shares with the kubelet are the same files under another name.
type toyPlugin struct {
	plugin.UnimplementedDevicePluginServer
	folder   string
	devices  []string
	server   *grpc.Server
	endpoint string
	starts   int
	refusing atomic.Bool
	sick     chan string // ids of devices, sent on to the kubelet as unhealthy
}

func startToyPlugin(t *testing.T, node string, devices ...string) *toyPlugin {
	p := &toyPlugin{folder: filepath.Join(node, "device-plugins"), devices: devices,
		sick: make(chan string)}
	t.Cleanup(func() { p.server.Stop() })
	p.serve(t)
	p.register(t)
	return p
}

// serve listens on a socket of a new name: a kubelet that restarts removes the old one.
func (p *toyPlugin) serve(t *testing.T) {
	if p.server != nil {
		p.server.Stop()
	}
	p.starts++
	p.endpoint = fmt.Sprintf("toy-%d.sock", p.starts)
	listener, err := net.Listen("unix", filepath.Join(p.folder, p.endpoint))
	if err != nil {
		t.Fatal(err)
	}
	server := grpc.NewServer()
	plugin.RegisterDevicePluginServer(server, p)
	go func() { _ = server.Serve(listener) }() // a server that ends early fails the registration
	p.server = server
}

func (p *toyPlugin) register(t *testing.T) {
	eventually(t, "toy plugin registered", func() error {
		connection, err := grpc.NewClient("unix://"+filepath.Join(p.folder, "kubelet.sock"),
			grpc.WithTransportCredentials(insecure.NewCredentials()))
		if err != nil {
			return err
		}
		request := &plugin.RegisterRequest{
			Version: plugin.Version, Endpoint: p.endpoint, ResourceName: toyResource,
		}
		_, err = plugin.NewRegistrationClient(connection).Register(context.Background(), request)
		return errors.Join(err, connection.Close())
	})
}

func (p *toyPlugin) GetDevicePluginOptions(
	context.Context, *plugin.Empty,
) (*plugin.DevicePluginOptions, error) {
	return &plugin.DevicePluginOptions{}, nil
}

func (p *toyPlugin) ListAndWatch(
	_ *plugin.Empty, stream plugin.DevicePlugin_ListAndWatchServer,
) error {
	list := &plugin.ListAndWatchResponse{}
	for _, id := range p.devices {
		list.Devices = append(list.Devices, &plugin.Device{ID: id, Health: plugin.Healthy})
	}
	for {
		if err := stream.Send(list); err != nil {
			return err
		}
		select {
		case id := <-p.sick:
			list.Devices[slices.Index(p.devices, id)].Health = plugin.Unhealthy
		case <-stream.Context().Done():
			return nil
		}
	}
}

func (p *toyPlugin) Allocate(
	_ context.Context, request *plugin.AllocateRequest,
) (*plugin.AllocateResponse, error) {
	if p.refusing.Load() {
		return nil, errors.New(toyRefusal)
	}
	response := &plugin.AllocateResponse{}
	for _, container := range request.ContainerRequests {
		response.ContainerResponses = append(response.ContainerResponses,
			&plugin.ContainerAllocateResponse{
				Envs: map[string]string{toyEnv: strings.Join(container.DevicesIds, ",")},
			})
	}
	return response, nil
}
