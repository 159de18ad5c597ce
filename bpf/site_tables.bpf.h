/* What the programs on instructions share: where they are, and where they count. */
#ifndef MOUNTSCOPE_SITE_TABLES_BPF_H
#define MOUNTSCOPE_SITE_TABLES_BPF_H

/* From the address of an instruction to what is known of it; written before the probes are attached. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MS_SITES);
	__type(key, ms_u64);
	__type(value, struct ms_site);
} sites SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, ms_u32);
	__type(value, struct ms_site_counts);
} site_counts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, MS_SITE_HISTOGRAMS);
	__type(key, ms_u32);
	__type(value, struct ms_histogram);
} site_histograms SEC(".maps");

static __always_inline struct ms_site_counts *my_counts(void)
{
	ms_u32 zero = 0;

	return bpf_map_lookup_elem(&site_counts, &zero);
}

static __always_inline void hit(enum ms_site_program program)
{
	struct ms_site_counts *mine = config.counts_hits ? my_counts() : NULL;

	if (mine)
		add(&mine->hits[program], 1);
}

/* A kprobe's ip is one byte behind its instruction, whether it is a breakpoint or was optimised to a jump. */
static __always_inline struct ms_site *site_of(struct pt_regs *ctx)
{
	ms_u64 address = ctx->ip - 1;

	return bpf_map_lookup_elem(&sites, &address);
}

static __always_inline int lose(enum ms_site_loss loss)
{
	struct ms_site_counts *mine = my_counts();

	if (mine)
		add(&mine->lost[loss], 1);
	return 0;
}

/* An index below a power of two, in a way that the verifier sees: the compiler would drop a test it knows to hold. */
static __always_inline ms_u32 within(ms_u32 index, ms_u32 size)
{
	asm volatile("" : "+r"(index));
	return index & (size - 1);
}

static __always_inline void count_slot(ms_u32 slot, ms_u64 value)
{
	struct ms_site_counts *mine = my_counts();

	if (mine && slot < MS_SITE_SLOTS)
		add(&mine->counts[within(slot, MS_SITE_SLOTS)], value);
}

/* A time that runs backwards, or a hold longer than the histogram reaches, is no measurement: counted, not recorded. */
static __always_inline int record_duration(ms_u32 key, ms_u64 since, ms_u64 now)
{
	ms_u64 duration = now - since;
	struct ms_histogram *histogram;
	struct ms_site_counts *mine = my_counts();

	if (duration >> MS_MAXIMUM_EXPONENT)
		return lose(MS_SITE_IMPOSSIBLE);
	histogram = bpf_map_lookup_elem(&site_histograms, &key);
	if (!histogram || !mine || key >= MS_SITE_HISTOGRAMS)
		return 0;
	histogram_record(histogram, duration);
	/* Tells a snapshot which histograms are worth reading. */
	add(&mine->recorded[within(key, MS_SITE_HISTOGRAM_ROOM)], 1);
	return 0;
}

#endif
