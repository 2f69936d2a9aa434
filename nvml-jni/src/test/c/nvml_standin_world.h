/*
 * The stand-in's world: the GPUs that its control file describes, read again when the file changes,
 * and how a function enters and leaves it. The directives are described in nvml_standin.c.
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

typedef struct { unsigned int pid; unsigned long long bytes; } process_row;
typedef struct { unsigned int id; double value; } activity_row;

/* Who uses a device, and how much of it. */
typedef struct {
  int processes, activities;
  process_row process[MAX_ROWS];
  activity_row activity[MAX_ROWS];
} usage;

typedef struct {
  int exists;
  char name[TEXT], uuid[TEXT];
  unsigned long long total, used;
  usage use;
  unsigned int gi, ci, profile, start, size, attributes[8];
  unsigned long long attribute_mb;
} mig_device;

typedef struct {
  char name[TEXT], uuid[TEXT], bus[32];
  unsigned int minor, mig_supported, mig_current, mig_pending, max_mig, lost;
  unsigned int power, temperature, busy, memory_busy, gpm;
  usage use;
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

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static world nothing;
static world *now = &nothing;
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

static int usage_line(usage *u, const char *key, const char *value) {
  process_row p;
  activity_row a;
  if (!strcmp(key, "process") && u->processes < MAX_ROWS
      && sscanf(value, "%u %llu", &p.pid, &p.bytes) == 2)
    u->process[u->processes++] = p;
  else if (!strcmp(key, "activity") && u->activities < MAX_ROWS
           && sscanf(value, "%u %lf", &a.id, &a.value) == 2)
    u->activity[u->activities++] = a;
  else return 0;
  return 1;
}

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
  else if (!strcmp(key, "gpm")) g->gpm = 1;
  else if (!strcmp(key, "power")) sscanf(value, "%u", &g->power);
  else if (!strcmp(key, "temperature")) sscanf(value, "%u", &g->temperature);
  else if (!strcmp(key, "utilization")) sscanf(value, "%u %u", &g->busy, &g->memory_busy);
  else if (usage_line(&g->use, key, value)) return;
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
  else if (!usage_line(&m->use, key, value))
    fprintf(stderr, "nvml_standin: unknown: %s %s\n", key, value);
}

static int rule_line(rule *rules, int count, const char *value) {
  if (count == MAX_ROWS) return count;
  return sscanf(value, "%95s %lu", rules[count].function, &rules[count].value) == 2 ? count + 1
                                                                                     : count;
}

static void read_world(FILE *file) {
  world *next = calloc(1, sizeof *next);
  if (!next) abort();
  gpu_device *gpu = NULL;
  mig_device *mig = NULL;
  char line[512];
  while (fgets(line, sizeof line, file)) {
    char *key = line + strspn(line, " \t");
    key[strcspn(key, "\r\n")] = 0;
    if (!*key || *key == '#') continue;
    char *value = key + strcspn(key, " ");
    if (*value) *value++ = 0;
    event_row *e = &next->event[next->events];
    unsigned int index;
    if (!strcmp(key, "driver")) text(next->driver, TEXT, value);
    else if (!strcmp(key, "nvml")) text(next->nvml, TEXT, value);
    else if (!strcmp(key, "answer")) next->answers = rule_line(next->answer, next->answers, value);
    else if (!strcmp(key, "delay")) next->delays = rule_line(next->delay, next->delays, value);
    else if (!strcmp(key, "event") && next->events < MAX_ROWS - 1) {
      if (sscanf(value, "%u %llu %llu %u %u", &e->gpu, &e->type, &e->data, &e->gi, &e->ci) == 5)
        next->events++;
    } else if (!strcmp(key, "gpu") && next->gpus < MAX_GPUS) {
      gpu = &next->gpu[next->gpus++];
      mig = NULL;
    } else if (!strcmp(key, "mig") && gpu && sscanf(value, "%u", &index) == 1 && index < MAX_MIGS) {
      mig = &gpu->mig[index];
      mig->exists = 1;
    } else if (mig) mig_line(mig, key, value);
    else if (gpu) gpu_line(gpu, key, value);
    else fprintf(stderr, "nvml_standin: unknown: %s %s\n", key, value);
  }
  if (now != &nothing) free(now);
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

static unsigned long asked_delay(const char *function) {
  for (int i = 0; i < now->delays; i++)
    if (!strcmp(now->delay[i].function, function)) return now->delay[i].value;
  return 0;
}

/* Takes the lock, after the function's delay; answers the status it is told to answer. */
static int enter(const char *function) {
  pthread_mutex_lock(&lock);
  refresh();
  for (unsigned long waited = 0; waited < asked_delay(function); waited += 5) {
    pthread_mutex_unlock(&lock);
    pause_ms(5);
    pthread_mutex_lock(&lock);
    refresh();
  }
  for (int i = 0; i < now->answers; i++)
    if (!strcmp(now->answer[i].function, function)) return (int)now->answer[i].value;
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
