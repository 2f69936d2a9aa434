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
 * NVML is open. Handles keep their meaning as long as their indexes exist. One directive a line,
 * '#' starts a comment line, "-" in a list of numbers is not allowed; values reach to the line's end:
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
 *     lost                        every call on it and its MIG devices answers GPU_IS_LOST
 *     profile NUMBER ID SLICES INSTANCES SMS MEMORY_MB    a GPU instance profile; NUMBER is the enum
 *     possible ID START SIZE      a possible placement of profile ID; repeated
 *   mig INDEX                     starts a MIG device of the last GPU; indexes left out are holes
 *     name, uuid, memory          as above
 *     instance GI CI              ids
 *     placed PROFILE START SIZE   of its GPU instance
 *     attributes SM COPY DEC ENC JPEG OFA GISLICES CISLICES MEMORY_MB
 *   answer FUNCTION STATUS        FUNCTION answers this status; "answer nvmlInit_v2 18"
 *   delay FUNCTION MILLISECONDS   FUNCTION takes this long; a long one is a hang
 *   event GPU TYPE DATA GI CI     numbers; 4294967295 for GI and CI means the whole GPU. An event
 *                                 set delivers the events in the file's order, each once; append.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define SUCCESS 0
#define UNINITIALIZED 1
#define INVALID_ARGUMENT 2
#define NOT_SUPPORTED 3
#define NOT_FOUND 6
#define INSUFFICIENT_SIZE 7
#define TIMEOUT 10
#define GPU_IS_LOST 15
#define UNKNOWN 999

enum { MAX_GPUS = 16, MAX_MIGS = 32, MAX_ROWS = 128, TEXT = 96 };

typedef struct { unsigned int number, id, slices, instances, sms; unsigned long long mb; } profile_row;
typedef struct { unsigned int id, start, size; } possible_row;

typedef struct {
  int exists;
  char name[TEXT], uuid[TEXT];
  unsigned long long total, used;
  unsigned int gi, ci, profile, start, size, attributes[8];
  unsigned long long attribute_mb;
} mig_device;

typedef struct {
  char name[TEXT], uuid[TEXT], bus[32];
  unsigned int minor, mig_supported, mig_current, mig_pending, max_mig, lost;
  unsigned long long total, used;
  int profiles, possibles;
  profile_row profile[MAX_ROWS];
  possible_row possible[MAX_ROWS];
  mig_device mig[MAX_MIGS];
} gpu_device;

typedef struct { char function[TEXT]; unsigned long value; } rule;
typedef struct { unsigned int gpu, gi, ci; unsigned long long type, data; } event_row;

typedef struct {
  char driver[TEXT], nvml[TEXT];
  int gpus, answers, delays, events;
  gpu_device gpu[MAX_GPUS];
  rule answer[MAX_ROWS], delay[MAX_ROWS];
  event_row event[MAX_ROWS];
} world;

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

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static world now;
static struct stat seen;
static int initialised;

/* ---- the control file ---- */

static const char *control_path(char *buffer, size_t length) {
  const char *named = getenv("NVML_STANDIN_CONTROL");
  if (named) return named;
  Dl_info self;
  if (!dladdr((void *)&lock, &self)) return "";
  snprintf(buffer, length, "%s.control", self.dli_fname);
  return buffer;
}

static void text(char *to, size_t length, const char *from) { snprintf(to, length, "%s", from); }

static void gpu_line(gpu_device *g, const char *key, const char *value) {
  profile_row p;
  possible_row q;
  if (!strcmp(key, "name")) text(g->name, TEXT, value);
  else if (!strcmp(key, "uuid")) text(g->uuid, TEXT, value);
  else if (!strcmp(key, "bus")) text(g->bus, sizeof g->bus, value);
  else if (!strcmp(key, "minor")) sscanf(value, "%u", &g->minor);
  else if (!strcmp(key, "memory")) sscanf(value, "%llu %llu", &g->total, &g->used);
  else if (!strcmp(key, "maxmig")) sscanf(value, "%u", &g->max_mig);
  else if (!strcmp(key, "lost")) g->lost = 1;
  else if (!strcmp(key, "mode"))
    g->mig_supported = sscanf(value, "%u %u", &g->mig_current, &g->mig_pending) == 2;
  else if (!strcmp(key, "profile") && g->profiles < MAX_ROWS
           && sscanf(value, "%u %u %u %u %u %llu", &p.number, &p.id, &p.slices, &p.instances,
                     &p.sms, &p.mb) == 6)
    g->profile[g->profiles++] = p;
  else if (!strcmp(key, "possible") && g->possibles < MAX_ROWS
           && sscanf(value, "%u %u %u", &q.id, &q.start, &q.size) == 3)
    g->possible[g->possibles++] = q;
  else fprintf(stderr, "nvml_standin: unknown or malformed: %s %s\n", key, value);
}

static void mig_line(mig_device *m, const char *key, const char *value) {
  unsigned int *a = m->attributes;
  if (!strcmp(key, "name")) text(m->name, TEXT, value);
  else if (!strcmp(key, "uuid")) text(m->uuid, TEXT, value);
  else if (!strcmp(key, "memory")) sscanf(value, "%llu %llu", &m->total, &m->used);
  else if (!strcmp(key, "instance")) sscanf(value, "%u %u", &m->gi, &m->ci);
  else if (!strcmp(key, "placed")) sscanf(value, "%u %u %u", &m->profile, &m->start, &m->size);
  else if (!strcmp(key, "attributes"))
    sscanf(value, "%u %u %u %u %u %u %u %u %llu", a, a + 1, a + 2, a + 3, a + 4, a + 5, a + 6,
           a + 7, &m->attribute_mb);
  else fprintf(stderr, "nvml_standin: unknown: %s %s\n", key, value);
}

static int rule_line(rule *rules, int count, const char *value) {
  if (count == MAX_ROWS) return count;
  return sscanf(value, "%95s %lu", rules[count].function, &rules[count].value) == 2 ? count + 1
                                                                                     : count;
}

static void read_world(FILE *file) {
  static world next;
  memset(&next, 0, sizeof next);
  gpu_device *gpu = NULL;
  mig_device *mig = NULL;
  char line[512];
  while (fgets(line, sizeof line, file)) {
    char *key = line + strspn(line, " \t");
    key[strcspn(key, "\r\n")] = 0;
    if (!*key || *key == '#') continue;
    char *value = key + strcspn(key, " ");
    if (*value) *value++ = 0;
    event_row *e = &next.event[next.events];
    unsigned int index;
    if (!strcmp(key, "driver")) text(next.driver, TEXT, value);
    else if (!strcmp(key, "nvml")) text(next.nvml, TEXT, value);
    else if (!strcmp(key, "answer")) next.answers = rule_line(next.answer, next.answers, value);
    else if (!strcmp(key, "delay")) next.delays = rule_line(next.delay, next.delays, value);
    else if (!strcmp(key, "event") && next.events < MAX_ROWS - 1) {
      if (sscanf(value, "%u %llu %llu %u %u", &e->gpu, &e->type, &e->data, &e->gi, &e->ci) == 5)
        next.events++;
    } else if (!strcmp(key, "gpu") && next.gpus < MAX_GPUS) {
      gpu = &next.gpu[next.gpus++];
      mig = NULL;
    } else if (!strcmp(key, "mig") && gpu && sscanf(value, "%u", &index) == 1 && index < MAX_MIGS) {
      mig = &gpu->mig[index];
      mig->exists = 1;
    } else if (mig) mig_line(mig, key, value);
    else if (gpu) gpu_line(gpu, key, value);
    else fprintf(stderr, "nvml_standin: unknown: %s %s\n", key, value);
  }
  now = next;
}

static void refresh(void) {
  char buffer[4096];
  const char *path = control_path(buffer, sizeof buffer);
  struct stat found;
  if (stat(path, &found)) return;
  if (found.st_ino == seen.st_ino && found.st_size == seen.st_size
      && found.st_mtim.tv_sec == seen.st_mtim.tv_sec
      && found.st_mtim.tv_nsec == seen.st_mtim.tv_nsec) return;
  FILE *file = fopen(path, "r");
  if (!file) return;
  read_world(file);
  fclose(file);
  seen = found;
}

/* ---- entering a call ---- */

static void pause_ms(unsigned long ms) {
  struct timespec rest = {(time_t)(ms / 1000), (long)(ms % 1000) * 1000000L};
  nanosleep(&rest, NULL);
}

/* Takes the lock, after the function's delay; answers the status it is told to answer. */
static int enter(const char *function) {
  unsigned long delay = 0;
  pthread_mutex_lock(&lock);
  refresh();
  for (int i = 0; i < now.delays; i++)
    if (!strcmp(now.delay[i].function, function)) delay = now.delay[i].value;
  if (delay) {
    pthread_mutex_unlock(&lock);
    pause_ms(delay);
    pthread_mutex_lock(&lock);
  }
  for (int i = 0; i < now.answers; i++)
    if (!strcmp(now.answer[i].function, function)) return (int)now.answer[i].value;
  return initialised || !strcmp(function, "nvmlInit_v2") ? SUCCESS : UNINITIALIZED;
}

static int leave(int status) {
  pthread_mutex_unlock(&lock);
  return status;
}

#define ENTER(function) \
  do { \
    int told = enter(function); \
    if (told) return leave(told); \
  } while (0)

/* A handle is (1 + GPU) * 256, plus 1 + index for a MIG device: never dereferenced. */
static void *handle(unsigned int gpu, unsigned int below) {
  return (void *)(uintptr_t)((gpu + 1) * 256 + below);
}

static int find(void *device, gpu_device **gpu, mig_device **mig) {
  uintptr_t value = (uintptr_t)device;
  if (value < 256 || value / 256 > (uintptr_t)now.gpus) return INVALID_ARGUMENT;
  *gpu = &now.gpu[value / 256 - 1];
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
  return leave(copy(now.driver, version, length));
}

int nvmlSystemGetNVMLVersion(char *version, unsigned int length) {
  ENTER("nvmlSystemGetNVMLVersion");
  return leave(copy(now.nvml, version, length));
}

int nvmlDeviceGetCount_v2(unsigned int *count) {
  ENTER("nvmlDeviceGetCount_v2");
  *count = (unsigned int)now.gpus;
  return leave(SUCCESS);
}

int nvmlDeviceGetHandleByIndex_v2(unsigned int index, void **device) {
  ENTER("nvmlDeviceGetHandleByIndex_v2");
  if (index >= (unsigned int)now.gpus) return leave(INVALID_ARGUMENT);
  if (now.gpu[index].lost) return leave(GPU_IS_LOST);
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
  *slice = handle((unsigned int)(gpu - now.gpu), 1 + index);
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
      *instance = handle((unsigned int)(gpu - now.gpu), 1 + i);
      return leave(SUCCESS);
    }
  return leave(NOT_FOUND);
}

int nvmlGpuInstanceGetInfo(void *instance, gpu_instance_info *info) {
  ENTER("nvmlGpuInstanceGetInfo");
  SLICE(instance);
  info->device = handle((unsigned int)(gpu - now.gpu), 0);
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
  unsigned int found = 0;
  for (int i = 0; i < gpu->possibles; i++) {
    if (gpu->possible[i].id != id) continue;
    if (placements && found == *count) return leave(INSUFFICIENT_SIZE);
    if (placements)
      placements[found] = (placement){gpu->possible[i].start, gpu->possible[i].size};
    found++;
  }
  *count = found;
  return leave(found ? SUCCESS : NOT_SUPPORTED);
}

/* ---- events ---- */

typedef struct { int next; unsigned long long types[MAX_GPUS]; } event_set;

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
  set->types[gpu - now.gpu] |= types;
  return leave(SUCCESS);
}

/* The next event for this set; the lock is held on success only while looking. */
static int take(event_set *set, event_data *data) {
  while (set->next < now.events) {
    event_row *row = &now.event[set->next++];
    if (row->gpu >= MAX_GPUS || !(set->types[row->gpu] & row->type)) continue;
    *data = (event_data){handle(row->gpu, 0), row->type, row->data, row->gi, row->ci};
    return 1;
  }
  return 0;
}

int nvmlEventSetWait_v2(event_set *set, event_data *data, unsigned int timeout_ms) {
  for (unsigned int waited = 0;; waited += 5) {
    ENTER("nvmlEventSetWait_v2");
    int taken = take(set, data);
    leave(SUCCESS);
    if (taken) return SUCCESS;
    if (waited >= timeout_ms) return TIMEOUT;
    pause_ms(5);
  }
}
