package heed.server;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// The jobs of a server, the latest of them.
final class Jobs {
    private static final System.Logger LOG = System.getLogger(Jobs.class.getName());
    private static final int KEPT = 256;

    private final AtomicInteger count = new AtomicInteger();
    private final Map<String, Job> jobs = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Job> eldest) {
            return size() > KEPT;
        }
    };

    /// Starts work on a thread of its own.
    ///
    /// @param work reports to the job and says its outcome by [Job#succeed]; what it throws fails the job
    Job start(String message, Consumer<Job> work) {
        return start(message, false, work);
    }

    /// Starts work that calls [Job#requireWanted] between its steps.
    Job startInSteps(String message, Consumer<Job> work) {
        return start(message, true, work);
    }

    private Job start(String message, boolean inSteps, Consumer<Job> work) {
        Job job = new Job("j" + count.incrementAndGet(), message, inSteps);
        synchronized (jobs) {
            jobs.put(job.id(), job);
        }
        Thread.ofVirtual().name("heed-" + job.id()).start(() -> run(job, work));
        return job;
    }

    private static void run(Job job, Consumer<Job> work) {
        try {
            work.accept(job);
        } catch (IllegalArgumentException | Refusal e) {
            job.fail(String.valueOf(e.getMessage()));
        } catch (OutOfMemoryError e) {
            job.fail("out of memory: start heed with more, as HEED_JAVA_OPTIONS=-Xmx8g");
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "a job failed", e);
            job.fail("this failed inside of Heed: " + e.getClass().getSimpleName());
        }
    }

    /// @throws Refusal when there is no such job, or no longer
    Job get(String id) {
        synchronized (jobs) {
            Job job = jobs.get(id);
            if (job == null) {
                throw Refusal.unknown("there is no job " + id);
            }
            return job;
        }
    }
}
