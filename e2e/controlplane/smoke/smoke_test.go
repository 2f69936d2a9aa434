package smoke

import (
	"context"
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/utils/ptr"
)

var ctx = context.Background()

// TestSmoke is one cluster's day; each step starts from what the one before has left.
func TestSmoke(t *testing.T) {
	c := newCluster(t)
	toy := startToyPlugin(t, c.node, "toy-0", "toy-1", "toy-2")
	eventually(t, "three slices allocatable", c.allocatable("3"))

	t.Run("a pod gets its device", func(t *testing.T) { podGetsItsDevice(t, c) })
	t.Run("a restarted kubelet keeps it", func(t *testing.T) { restartKeepsIt(t, c, toy) })
	t.Run("a refusal fails the pod", func(t *testing.T) { refusalFailsThePod(t, c, toy) })
	t.Run("too many bound by hand", func(t *testing.T) { tooManyBoundByHand(t, c) })
	t.Run("deletion frees", func(t *testing.T) { deletionFrees(t, c) })
	t.Run("a sick device in use", func(t *testing.T) { sickDeviceInUse(t, c, toy) })
	for _, p := range c.all {
		t.Logf("%s: %s", p.name, p.resident())
	}
}

// podGetsItsDevice covers init containers and sidecars too: the device of an ordinary init
// container goes to the next container that asks for one, here the sidecar, which keeps it.
func podGetsItsDevice(t *testing.T, c *cluster) {
	pod := toyPod("first", "")
	pod.Spec.InitContainers = []corev1.Container{toyContainer("init"), toyContainer("sidecar")}
	pod.Spec.InitContainers[0].Command = []string{"true"}
	pod.Spec.Containers[0].Env = []corev1.EnvVar{{Name: "LINGER_SECONDS", Value: "1"}}
	pod.Spec.InitContainers[1].RestartPolicy = ptr.To(corev1.ContainerRestartPolicyAlways)
	pod = c.create(t, pod)
	eventually(t, "with init container and sidecar running", c.phase("first", corev1.PodRunning))
	main, sidecar := c.agreed(t, pod, "main"), c.agreed(t, pod, "sidecar")
	if main == sidecar {
		t.Errorf("main and sidecar both hold %s", main)
	}
	initial, err := c.checkpointed(string(pod.UID), "init")
	if err != nil || !slices.Equal(initial, []string{sidecar}) {
		t.Errorf("init held %v (%v), the sidecar has %s from it", initial, err, sidecar)
	}
}

func restartKeepsIt(t *testing.T, c *cluster, toy *toyPlugin) {
	before := c.pod(t, "first")
	held := c.agreed(t, before, "main")
	c.kubelet.stop()
	c.startKubelet()
	eventually(t, "allocatable 0 until the plugin is back", c.allocatable("0"))
	toy.serve(t)
	toy.register(t)
	eventually(t, "three slices allocatable again", c.allocatable("3"))
	after := c.pod(t, "first")
	if after.UID != before.UID || after.Status.Phase != corev1.PodRunning {
		t.Errorf("the pod is %s %s, was %s", after.UID, after.Status.Phase, before.UID)
	}
	for _, status := range after.Status.ContainerStatuses {
		if status.RestartCount != 0 {
			t.Errorf("%s was restarted", status.Name)
		}
	}
	if now := c.agreed(t, after, "main"); now != held {
		t.Errorf("main holds %s, held %s", now, held)
	}
}

func refusalFailsThePod(t *testing.T, c *cluster, toy *toyPlugin) {
	toy.refusing.Store(true)
	defer toy.refusing.Store(false)
	c.create(t, toyPod("refused", ""))
	eventually(t, "refused pod failed", c.phase("refused", corev1.PodFailed))
	status := c.pod(t, "refused").Status
	if status.Reason != "UnexpectedAdmissionError" || !strings.Contains(status.Message, toyRefusal) {
		t.Errorf("reason %q, message %q", status.Reason, status.Message)
	}
}

// tooManyBoundByHand is not "OutOf...": the kubelet allocates first and counts afterwards.
func tooManyBoundByHand(t *testing.T, c *cluster) {
	c.create(t, toyPod("second", ""))
	eventually(t, "last slice's pod running", c.phase("second", corev1.PodRunning))
	c.create(t, toyPod("third", nodeName))
	eventually(t, "pod past the scheduler failed", c.phase("third", corev1.PodFailed))
	status := c.pod(t, "third").Status
	if status.Reason != "UnexpectedAdmissionError" ||
		!strings.Contains(status.Message, "Requested: 1, Available: 0") {
		t.Errorf("reason %q, message %q", status.Reason, status.Message)
	}
}

// deletionFrees, but not before the containers have ended: first takes a second to.
func deletionFrees(t *testing.T, c *cluster) {
	first := c.pod(t, "first")
	held := c.agreed(t, first, "main")
	c.delete(t, "first")
	c.delete(t, "second")
	if now := c.agreed(t, first, "main"); now != held {
		t.Errorf("main held %s and has %s while it ends", held, now)
	}
	eventually(t, "first gone", c.gone("first"))
	eventually(t, "second gone", c.gone("second"))
	pod := toyPod("fourth", "")
	pod.Spec.Containers[0].Resources.Limits[toyResource] = resource.MustParse("2")
	c.create(t, pod)
	eventually(t, "pod with two running", c.phase("fourth", corev1.PodRunning))
}

// sickDeviceInUse: two of three devices are in use, one of them sick. Allocatable is 2, so three
// requests are one too many; but the count comes after the allocation, and raises allocatable to
// what is allocated. The pod that gets the last device runs.
func sickDeviceInUse(t *testing.T, c *cluster, toy *toyPlugin) {
	held, err := c.checkpointed(string(c.pod(t, "fourth").UID), "main")
	if err != nil || len(held) != 2 {
		t.Fatalf("fourth holds %v, %v", held, err)
	}
	toy.sick <- held[0]
	eventually(t, "two slices allocatable", c.allocatable("2"))
	pod := c.create(t, toyPod("fifth", nodeName))
	eventually(t, "pod on the last slice running", c.phase("fifth", corev1.PodRunning))
	if last := c.agreed(t, pod, "main"); slices.Contains(held, last) {
		t.Errorf("%s is held twice", last)
	}
}
