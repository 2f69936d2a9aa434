package smoke

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	podresources "k8s.io/kubelet/pkg/apis/podresources/v1"
)

// checkpointed is the devices of a pod's container in the device manager's checkpoint.
func (c *cluster) checkpointed(uid, container string) ([]string, error) {
	text, err := os.ReadFile(filepath.Join(c.node, "device-plugins/kubelet_internal_checkpoint"))
	if err != nil {
		return nil, err
	}
	var checkpoint struct {
		Data struct {
			PodDeviceEntries []struct {
				PodUID, ContainerName, ResourceName string
				DeviceIDs                           map[string][]string
			}
		}
	}
	if err := json.Unmarshal(text, &checkpoint); err != nil {
		return nil, err
	}
	var devices []string
	for _, e := range checkpoint.Data.PodDeviceEntries {
		if e.PodUID == uid && e.ContainerName == container && e.ResourceName == toyResource {
			for _, ids := range e.DeviceIDs {
				devices = append(devices, ids...)
			}
		}
	}
	slices.Sort(devices)
	return devices, nil
}

// reported is the devices of a pod's container as the pod-resources API tells them.
func (c *cluster) reported(pod, container string) (devices []string, err error) {
	connection, err := grpc.NewClient("unix://"+filepath.Join(c.node, "pod-resources/kubelet.sock"),
		grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, connection.Close()) }()
	list, err := podresources.NewPodResourcesListerClient(connection).
		List(context.Background(), &podresources.ListPodResourcesRequest{})
	for _, p := range list.GetPodResources() {
		for _, found := range p.Containers {
			if p.Name != pod || found.Name != container {
				continue
			}
			for _, held := range found.Devices {
				devices = append(devices, held.DeviceIds...)
			}
		}
	}
	slices.Sort(devices)
	return devices, err
}

// environment is a variable that the runtime was told to set for a container.
func (c *cluster) environment(uid, container, key string) (string, error) {
	text, err := os.ReadFile(filepath.Join(c.node, "containers", uid, container+".json"))
	if err != nil {
		return "", err
	}
	var config struct {
		Envs []struct{ Key, Value string }
	}
	if err := json.Unmarshal(text, &config); err != nil {
		return "", err
	}
	for _, env := range config.Envs {
		if env.Key == key {
			return env.Value, nil
		}
	}
	return "", fmt.Errorf("%s is not set in %s", key, text)
}
