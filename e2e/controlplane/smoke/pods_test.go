package smoke

import (
	"fmt"
	"slices"
	"testing"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/ptr"
)

// toyPod asks for one slice; with a node it is bound past the scheduler.
func toyPod(name, node string) *corev1.Pod {
	return &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: name},
		Spec: corev1.PodSpec{
			NodeName:                     node,
			AutomountServiceAccountToken: ptr.To(false),
			Containers:                   []corev1.Container{toyContainer("main")},
		},
	}
}

func toyContainer(name string) corev1.Container {
	return corev1.Container{Name: name, Image: "toy", Resources: corev1.ResourceRequirements{
		Limits: corev1.ResourceList{toyResource: resource.MustParse("1")},
	}}
}

// create waits out what the API server refuses until the controllers have been at work: a pod in
// a namespace that has no default service account yet.
func (c *cluster) create(t *testing.T, pod *corev1.Pod) (created *corev1.Pod) {
	t.Helper()
	eventually(t, "pod "+pod.Name+" accepted", func() (err error) {
		created, err = c.client.CoreV1().Pods("default").Create(ctx, pod, metav1.CreateOptions{})
		return err
	})
	return created
}

func (c *cluster) pod(t *testing.T, name string) *corev1.Pod {
	t.Helper()
	pod, err := c.client.CoreV1().Pods("default").Get(ctx, name, metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return pod
}

func (c *cluster) delete(t *testing.T, name string) {
	t.Helper()
	err := c.client.CoreV1().Pods("default").Delete(ctx, name, metav1.DeleteOptions{})
	if err != nil {
		t.Fatal(err)
	}
}

func (c *cluster) phase(name string, wanted corev1.PodPhase) func() error {
	return func() error {
		pod, err := c.client.CoreV1().Pods("default").Get(ctx, name, metav1.GetOptions{})
		if err == nil && pod.Status.Phase != wanted {
			err = fmt.Errorf("%s: %s", pod.Status.Phase, pod.Status.Message)
		}
		return err
	}
}

func (c *cluster) gone(name string) func() error {
	return func() error {
		_, err := c.client.CoreV1().Pods("default").Get(ctx, name, metav1.GetOptions{})
		if apierrors.IsNotFound(err) {
			return nil
		}
		return fmt.Errorf("still there (%v)", err)
	}
}

func (c *cluster) allocatable(wanted string) func() error {
	return func() error {
		node, err := c.client.CoreV1().Nodes().Get(ctx, nodeName, metav1.GetOptions{})
		if err != nil {
			return err
		}
		if quantity := node.Status.Allocatable[toyResource]; quantity.String() != wanted {
			return fmt.Errorf("allocatable is %s", quantity.String())
		}
		return nil
	}
}

// agreed is the one device of a container, on which checkpoint, pod-resources and what the runtime
// was told agree.
func (c *cluster) agreed(t *testing.T, pod *corev1.Pod, container string) string {
	t.Helper()
	uid := string(pod.UID)
	checkpointed, err := c.checkpointed(uid, container)
	if err != nil || len(checkpointed) != 1 {
		t.Fatalf("%s/%s: checkpoint has %v, %v", pod.Name, container, checkpointed, err)
	}
	reported, err := c.reported(pod.Name, container)
	if err != nil || !slices.Equal(reported, checkpointed) {
		t.Errorf("%s/%s: pod-resources has %v, checkpoint %v, %v",
			pod.Name, container, reported, checkpointed, err)
	}
	told, err := c.environment(uid, container, toyEnv)
	if err != nil || told != checkpointed[0] {
		t.Errorf("%s/%s: runtime was told %q, checkpoint %v, %v",
			pod.Name, container, told, checkpointed, err)
	}
	return checkpointed[0]
}
