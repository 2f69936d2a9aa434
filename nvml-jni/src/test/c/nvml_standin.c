/*
 * A stand-in for NVIDIA's libnvidia-ml.so.1 with the same binary interface (x86-64 and arm64), so
 * that the binding is tested through the real JNI code without a GPU.
 *
 *   gcc -shared -fPIC -Wl,-soname,libnvidia-ml.so.1 -o libnvidia-ml.so.1 nvml_standin.c -lpthread
 *
 * To leave a function out, rename it: -DnvmlEventSetCreate=without_nvmlEventSetCreate.
 *
 * What it answers stands in a control file, "<path of this library>.control", or the file that the
 * environment variable NVML_STANDIN_CONTROL names. It is looked at on every call and read again
 * when it has changed: replace it by a rename to make GPUs and instances come, go and break while
 * NVML is open. Handles keep their meaning as long as their indexes exist. One directive a line;
 * '#' starts a comment line, numbers are unsigned, values reach to the line's end:
 *
 *   driver 575.57.08              what nvmlSystemGetDriverVersion answers
 *   nvml 12.575.57.08
 *   gpu                           starts a GPU; the lines after it describe it
 *     name NVIDIA A100-SXM4-40GB
 *     uuid GPU-...
 *     minor 0
 *     bus 00000000:07:00.0
 *     memory TOTAL USED           bytes
 *     mode CURRENT PENDING        MIG mode, each 0 or 1; without the line: not supported
 *     maxmig 7
 *     power MILLIWATTS
 *     temperature CELSIUS
 *     utilization GPU MEMORY      percent; not supported while MIG is on
 *     gpm                         performance monitoring is supported; without the line: it is not
 *     process PID BYTES           a compute process; 18446744073709551615: memory not told; repeated
 *     activity ID PERCENT         what samples tell of a GPM metric; repeated
 *     lost                        every call on it and its MIG devices answers GPU_IS_LOST
 *     profile NUMBER ID SLICES INSTANCES SMS MEMORY_MB    a GPU instance profile; NUMBER is the enum
 *     possible ID START SIZE      a possible placement of profile ID; repeated
 *   mig INDEX                     starts a MIG device of the last GPU; indexes left out are holes
 *     name, uuid, memory, process, activity    as above
 *     instance GI CI              ids
 *     placed PROFILE START SIZE   of its GPU instance
 *     attributes SM COPY DEC ENC JPEG OFA GISLICES CISLICES MEMORY_MB
 *   answer FUNCTION STATUS        FUNCTION answers this status; "answer nvmlInit_v2 18"
 *   delay FUNCTION MILLISECONDS   FUNCTION takes this long; a long one is a hang, which ends early
 *                                 once the file no longer asks for it
 *   event GPU TYPE DATA GI CI     numbers; 4294967295 for GI and CI means the whole GPU. An event
 *                                 set delivers the events in the file's order, each once; append.
 */
#include "nvml_standin_world.h"

/* The real structs; their sizes are asserted below. */
typedef struct { char legacy[16]; unsigned int domain, bus, device, id, subsystem; char bus_id[32]; } pci_info;
typedef struct { unsigned int counts[8]; unsigned long long mb; } device_attributes;
typedef struct { unsigned long long total, free, used; } memory_info;
typedef struct { unsigned int start, size; } placement;
typedef struct { void *device; unsigned int id, profile; placement place; } gpu_instance_info;
typedef struct {
  unsigned int id, p2p, slices, instances, sms, copy, dec, enc, jpeg, ofa;
  unsigned long long mb;
} profile_info;
typedef struct { void *device; unsigned long long type, data; unsigned int gi, ci; } event_data;

_Static_assert(sizeof(pci_info) == 68, "nvmlPciInfo_t");
_Static_assert(sizeof(device_attributes) == 40, "nvmlDeviceAttributes_t");
_Static_assert(sizeof(memory_info) == 24, "nvmlMemory_t");
_Static_assert(sizeof(gpu_instance_info) == 24, "nvmlGpuInstanceInfo_t");
_Static_assert(sizeof(profile_info) == 48, "nvmlGpuInstanceProfileInfo_t");
_Static_assert(sizeof(event_data) == 32, "nvmlEventData_t");

typedef struct { unsigned int pid; unsigned long long used; unsigned int gi, ci; } process_info;
typedef struct { unsigned int gpu, memory; } utilization;
typedef struct { unsigned int version, supported; } gpm_support;
typedef struct { unsigned int id, status; double value; const char *info[3]; } gpm_metric;
typedef struct {
  unsigned int version, count;
  struct gpm_sample *earlier, *later;
  gpm_metric metrics[333];
} gpm_metrics_get;

_Static_assert(sizeof(process_info) == 24, "nvmlProcessInfo_t");
_Static_assert(sizeof(gpm_metric) == 40, "nvmlGpmMetric_t");
_Static_assert(sizeof(gpm_metrics_get) == 13344, "nvmlGpmMetricsGet_t");

/* A handle is (1 + GPU) * 256, plus 1 + index for a MIG device: never dereferenced. */
static void *handle(unsigned int gpu, unsigned int below) {
  return (void *)(uintptr_t)((gpu + 1) * 256 + below);
}

static int find(void *device, gpu_device **gpu, mig_device **mig) {
  uintptr_t value = (uintptr_t)device;
  if (value < 256 || value / 256 > (uintptr_t)now->gpus) return INVALID_ARGUMENT;
  *gpu = &now->gpu[value / 256 - 1];
  *mig = value % 256 && value % 256 <= MAX_MIGS ? &(*gpu)->mig[value % 256 - 1] : NULL;
  if ((*gpu)->lost) return GPU_IS_LOST;
  return *mig && !(*mig)->exists ? INVALID_ARGUMENT : SUCCESS;
}

#define DEVICE(device) \
  gpu_device *gpu; \
  mig_device *mig; \
  do { \
    int found = find(device, &gpu, &mig); \
    if (found) return leave(found); \
  } while (0)

#define WHOLE(device) \
  DEVICE(device); \
  if (mig) return leave(INVALID_ARGUMENT)

#define SLICE(device) \
  DEVICE(device); \
  (void)gpu; \
  if (!mig) return leave(INVALID_ARGUMENT)

static int copy(const char *from, char *to, unsigned int length) {
  if (strlen(from) + 1 > length) return INSUFFICIENT_SIZE;
  strcpy(to, from);
  return SUCCESS;
}

/* ---- system ---- */

int nvmlInit_v2(void) {
  ENTER("nvmlInit_v2");
  initialised++;
  return leave(SUCCESS);
}

int nvmlShutdown(void) {
  ENTER("nvmlShutdown");
  initialised--;
  return leave(SUCCESS);
}

const char *nvmlErrorString(int status) { return status ? "an error of the stand-in" : "Success"; }

int nvmlSystemGetDriverVersion(char *version, unsigned int length) {
  ENTER("nvmlSystemGetDriverVersion");
  return leave(copy(now->driver, version, length));
}

int nvmlSystemGetNVMLVersion(char *version, unsigned int length) {
  ENTER("nvmlSystemGetNVMLVersion");
  return leave(copy(now->nvml, version, length));
}

int nvmlDeviceGetCount_v2(unsigned int *count) {
  ENTER("nvmlDeviceGetCount_v2");
  *count = (unsigned int)now->gpus;
  return leave(SUCCESS);
}

int nvmlDeviceGetHandleByIndex_v2(unsigned int index, void **device) {
  ENTER("nvmlDeviceGetHandleByIndex_v2");
  if (index >= (unsigned int)now->gpus) return leave(INVALID_ARGUMENT);
  if (now->gpu[index].lost) return leave(GPU_IS_LOST);
  *device = handle(index, 0);
  return leave(SUCCESS);
}

/* ---- devices ---- */

int nvmlDeviceGetName(void *device, char *name, unsigned int length) {
  ENTER("nvmlDeviceGetName");
  DEVICE(device);
  return leave(copy(mig ? mig->name : gpu->name, name, length));
}

int nvmlDeviceGetUUID(void *device, char *uuid, unsigned int length) {
  ENTER("nvmlDeviceGetUUID");
  DEVICE(device);
  return leave(copy(mig ? mig->uuid : gpu->uuid, uuid, length));
}

int nvmlDeviceGetMinorNumber(void *device, unsigned int *minor) {
  ENTER("nvmlDeviceGetMinorNumber");
  WHOLE(device);
  *minor = gpu->minor;
  return leave(SUCCESS);
}

int nvmlDeviceGetPciInfo_v3(void *device, pci_info *info) {
  ENTER("nvmlDeviceGetPciInfo_v3");
  WHOLE(device);
  memset(info, 0, sizeof *info);
  sscanf(gpu->bus, "%x:%x:%x", &info->domain, &info->bus, &info->device);
  return leave(copy(gpu->bus, info->bus_id, sizeof info->bus_id));
}

int nvmlDeviceGetMemoryInfo(void *device, memory_info *memory) {
  ENTER("nvmlDeviceGetMemoryInfo");
  DEVICE(device);
  memory->total = mig ? mig->total : gpu->total;
  memory->used = mig ? mig->used : gpu->used;
  memory->free = memory->total - memory->used;
  return leave(SUCCESS);
}

/* ---- MIG ---- */

int nvmlDeviceGetMigMode(void *device, unsigned int *current, unsigned int *pending) {
  ENTER("nvmlDeviceGetMigMode");
  WHOLE(device);
  if (!gpu->mig_supported) return leave(NOT_SUPPORTED);
  *current = gpu->mig_current;
  *pending = gpu->mig_pending;
  return leave(SUCCESS);
}

int nvmlDeviceGetMaxMigDeviceCount(void *device, unsigned int *count) {
  ENTER("nvmlDeviceGetMaxMigDeviceCount");
  WHOLE(device);
  *count = gpu->max_mig;
  return leave(SUCCESS);
}

int nvmlDeviceGetMigDeviceHandleByIndex(void *device, unsigned int index, void **slice) {
  ENTER("nvmlDeviceGetMigDeviceHandleByIndex");
  WHOLE(device);
  if (index >= gpu->max_mig) return leave(INVALID_ARGUMENT);
  if (index >= MAX_MIGS || !gpu->mig[index].exists) return leave(NOT_FOUND);
  *slice = handle((unsigned int)(gpu - now->gpu), 1 + index);
  return leave(SUCCESS);
}

int nvmlDeviceGetGpuInstanceId(void *device, unsigned int *id) {
  ENTER("nvmlDeviceGetGpuInstanceId");
  SLICE(device);
  *id = mig->gi;
  return leave(SUCCESS);
}

int nvmlDeviceGetComputeInstanceId(void *device, unsigned int *id) {
  ENTER("nvmlDeviceGetComputeInstanceId");
  SLICE(device);
  *id = mig->ci;
  return leave(SUCCESS);
}

int nvmlDeviceGetAttributes_v2(void *device, device_attributes *attributes) {
  ENTER("nvmlDeviceGetAttributes_v2");
  SLICE(device);
  memcpy(attributes->counts, mig->attributes, sizeof attributes->counts);
  attributes->mb = mig->attribute_mb;
  return leave(SUCCESS);
}

int nvmlDeviceGetGpuInstanceById(void *device, unsigned int id, void **instance) {
  ENTER("nvmlDeviceGetGpuInstanceById");
  WHOLE(device);
  for (unsigned int i = 0; i < MAX_MIGS; i++)
    if (gpu->mig[i].exists && gpu->mig[i].gi == id) {
      *instance = handle((unsigned int)(gpu - now->gpu), 1 + i);
      return leave(SUCCESS);
    }
  return leave(NOT_FOUND);
}

int nvmlGpuInstanceGetInfo(void *instance, gpu_instance_info *info) {
  ENTER("nvmlGpuInstanceGetInfo");
  SLICE(instance);
  info->device = handle((unsigned int)(gpu - now->gpu), 0);
  info->id = mig->gi;
  info->profile = mig->profile;
  info->place.start = mig->start;
  info->place.size = mig->size;
  return leave(SUCCESS);
}

int nvmlDeviceGetGpuInstanceProfileInfo(void *device, unsigned int number, profile_info *info) {
  ENTER("nvmlDeviceGetGpuInstanceProfileInfo");
  WHOLE(device);
  for (int i = 0; i < gpu->profiles; i++)
    if (gpu->profile[i].number == number) {
      profile_row *row = &gpu->profile[i];
      memset(info, 0, sizeof *info);
      info->id = row->id;
      info->slices = row->slices;
      info->instances = row->instances;
      info->sms = row->sms;
      info->mb = row->mb;
      return leave(SUCCESS);
    }
  return leave(NOT_SUPPORTED);
}

/* Without room for them (placements NULL) it answers how many there are. */
int nvmlDeviceGetGpuInstancePossiblePlacements_v2(
    void *device, unsigned int id, placement *placements, unsigned int *count) {
  ENTER("nvmlDeviceGetGpuInstancePossiblePlacements_v2");
  WHOLE(device);
  if (!gpu->mig_current) return leave(NOT_SUPPORTED);
  unsigned int found = 0;
  for (int i = 0; i < gpu->possibles; i++) {
    if (gpu->possible[i].id != id) continue;
    if (placements && found == *count) return leave(INSUFFICIENT_SIZE);
    if (placements)
      placements[found] = (placement){gpu->possible[i].start, gpu->possible[i].size};
    found++;
  }
  *count = found;
  return leave(found ? SUCCESS : INVALID_ARGUMENT);
}

/* ---- events ---- */

typedef struct { int next; unsigned long long types[MAX_GPUS]; } event_set;

enum { EVENT_STEP_MS = 50 };

int nvmlEventSetCreate(event_set **set) {
  ENTER("nvmlEventSetCreate");
  *set = calloc(1, sizeof **set);
  return leave(SUCCESS);
}

int nvmlEventSetFree(event_set *set) {
  ENTER("nvmlEventSetFree");
  free(set);
  return leave(SUCCESS);
}

int nvmlDeviceGetSupportedEventTypes(void *device, unsigned long long *types) {
  ENTER("nvmlDeviceGetSupportedEventTypes");
  WHOLE(device);
  *types = 0x1 | 0x2 | 0x8;
  return leave(SUCCESS);
}

int nvmlDeviceRegisterEvents(void *device, unsigned long long types, event_set *set) {
  ENTER("nvmlDeviceRegisterEvents");
  WHOLE(device);
  set->types[gpu - now->gpu] |= types;
  return leave(SUCCESS);
}

/* The next event for this set; the lock is held on success only while looking. */
static int take(event_set *set, event_data *data) {
  while (set->next < now->events) {
    event_row *row = &now->event[set->next++];
    if (row->gpu >= MAX_GPUS || !(set->types[row->gpu] & row->type)) continue;
    *data = (event_data){handle(row->gpu, 0), row->type, row->data, row->gi, row->ci};
    return 1;
  }
  return 0;
}

/* The wait is in steps: the control file may name another event meanwhile. */
int nvmlEventSetWait_v2(event_set *set, event_data *data, unsigned int timeout_ms) {
  for (unsigned int waited = 0;; waited += EVENT_STEP_MS) {
    ENTER("nvmlEventSetWait_v2");
    int taken = take(set, data);
    leave(SUCCESS);
    if (taken) return SUCCESS;
    if (waited >= timeout_ms) return TIMEOUT;
    pause_ms(EVENT_STEP_MS);
  }
}

/* ---- usage ---- */

int nvmlDeviceGetComputeRunningProcesses_v3(
    void *device, unsigned int *count, process_info *processes) {
  ENTER("nvmlDeviceGetComputeRunningProcesses_v3");
  DEVICE(device);
  usage *use = mig ? &mig->use : &gpu->use;
  unsigned int room = *count;
  *count = (unsigned int)use->processes;
  if (room < *count) return leave(INSUFFICIENT_SIZE);
  for (unsigned int i = 0; i < *count; i++)
    processes[i] = (process_info){use->process[i].pid, use->process[i].bytes,
                                  mig ? mig->gi : 0xFFFFFFFF, mig ? mig->ci : 0xFFFFFFFF};
  return leave(SUCCESS);
}

int nvmlDeviceGetPowerUsage(void *device, unsigned int *milliwatts) {
  ENTER("nvmlDeviceGetPowerUsage");
  WHOLE(device);
  *milliwatts = gpu->power;
  return leave(SUCCESS);
}

int nvmlDeviceGetTemperature(void *device, unsigned int sensor, unsigned int *celsius) {
  ENTER("nvmlDeviceGetTemperature");
  WHOLE(device);
  if (sensor != 0) return leave(INVALID_ARGUMENT);
  *celsius = gpu->temperature;
  return leave(SUCCESS);
}

int nvmlDeviceGetUtilizationRates(void *device, utilization *percent) {
  ENTER("nvmlDeviceGetUtilizationRates");
  WHOLE(device);
  if (gpu->mig_current) return leave(NOT_SUPPORTED);
  *percent = (utilization){gpu->busy, gpu->memory_busy};
  return leave(SUCCESS);
}

int nvmlGpmQueryDeviceSupport(void *device, gpm_support *support) {
  ENTER("nvmlGpmQueryDeviceSupport");
  WHOLE(device);
  if (support->version != 1) return leave(25);
  support->supported = gpu->gpm;
  return leave(SUCCESS);
}

/* What a device did at the moment of the sample. */
struct gpm_sample { usage use; int taken; };

int nvmlGpmSampleAlloc(struct gpm_sample **sample) {
  ENTER("nvmlGpmSampleAlloc");
  *sample = calloc(1, sizeof **sample);
  return leave(SUCCESS);
}

int nvmlGpmSampleFree(struct gpm_sample *sample) {
  ENTER("nvmlGpmSampleFree");
  free(sample);
  return leave(SUCCESS);
}

int nvmlGpmSampleGet(void *device, struct gpm_sample *sample) {
  ENTER("nvmlGpmSampleGet");
  WHOLE(device);
  if (!gpu->gpm) return leave(NOT_SUPPORTED);
  *sample = (struct gpm_sample){gpu->use, 1};
  return leave(SUCCESS);
}

int nvmlGpmMigSampleGet(void *device, unsigned int id, struct gpm_sample *sample) {
  ENTER("nvmlGpmMigSampleGet");
  WHOLE(device);
  if (!gpu->gpm) return leave(NOT_SUPPORTED);
  for (unsigned int i = 0; i < MAX_MIGS; i++)
    if (gpu->mig[i].exists && gpu->mig[i].gi == id) {
      *sample = (struct gpm_sample){gpu->mig[i].use, 1};
      return leave(SUCCESS);
    }
  return leave(INVALID_ARGUMENT);
}

/* As a driver with the longest struct: all of it is written. */
int nvmlGpmMetricsGet(gpm_metrics_get *get) {
  ENTER("nvmlGpmMetricsGet");
  if (get->version != 1) return leave(25);
  if (!get->earlier->taken || !get->later->taken) return leave(INVALID_ARGUMENT);
  usage *use = &get->later->use;
  for (unsigned int i = 0; i < 333; i++) {
    gpm_metric *metric = &get->metrics[i];
    metric->status = NOT_SUPPORTED;
    for (int k = 0; i < get->count && k < use->activities; k++)
      if (use->activity[k].id == metric->id) {
        metric->status = SUCCESS;
        metric->value = use->activity[k].value;
      }
  }
  return leave(SUCCESS);
}
