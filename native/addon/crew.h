// Threads for work off the event loop, of an environment's own. libuv's are few and belong to files, names
// and compression, and Node waits for them before it lets a process or a worker end.
#ifndef HOPFIELD_ADDON_CREW_H_
#define HOPFIELD_ADDON_CREW_H_

#include <napi.h>

#include <chrono>
#include <condition_variable>
#include <list>
#include <memory>
#include <mutex>
#include <new>
#include <thread>

#include "flag.h"

namespace hopfield {

/// What a crew does: run() on one of its threads, then complete() on the event loop's.
class Task {
 public:
  virtual ~Task() = default;
  virtual void run() = 0;
  /// `env` is null where JavaScript has ended.
  virtual void complete(napi_env env) = 0;
  virtual void stop() = 0;
};

/// As many hands as there are processors take tasks in turn. Where all of them are busy with long ones, one
/// more thread steps in every few milliseconds, so that no task waits for the end of another.
class Crew {
 public:
  explicit Crew(napi_env env) : env_(env) {
    napi_value name;
    if (napi_create_string_utf8(env, "hopfield", NAPI_AUTO_LENGTH, &name) != napi_ok ||
        napi_create_threadsafe_function(env, nullptr, nullptr, name, 0, 1, nullptr, nullptr, this, answer,
                                        &answers_) != napi_ok) {
      throw Napi::Error::New(env);
    }
    napi_unref_threadsafe_function(env, answers_);
    // Behind the hook of `answers_`, and so called before it.
    if (napi_add_env_cleanup_hook(env, end_of, this) != napi_ok) {
      napi_release_threadsafe_function(answers_, napi_tsfn_abort);
      throw Napi::Error::New(env);
    }
  }
  ~Crew() { end(); }
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  /// On the event loop's thread.
  void start(std::unique_ptr<Task> task) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      waiting_.push_back(task.get());
      try {
        hire();
      } catch (...) {
        // Those who are there will come to it; where nobody is, nobody will.
        if (threads_.empty()) {
          waiting_.pop_back();
          throw std::bad_alloc();
        }
      }
    }
    task.release();
    ready_.notify_one();
    // The process lives as long as it waits for an answer.
    if (unanswered_++ == 0) napi_ref_threadsafe_function(env_, answers_);
  }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::milliseconds kPatience{10};
  static constexpr size_t kMostReliefs = 64;

  static void end_of(void* crew) { static_cast<Crew*>(crew)->end(); }

  static void answer(napi_env env, napi_value, void* context, void* data) {
    const std::unique_ptr<Task> task(static_cast<Task*>(data));
    if (env != nullptr) {
      auto* crew = static_cast<Crew*>(context);
      if (--crew->unanswered_ == 0) napi_unref_threadsafe_function(env, crew->answers_);
    }
    task->complete(env);
  }

  /// The environment ends: so does all work, at once.
  void end() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      ended_ = true;
      for (Task* task : running_) task->stop();
    }
    ready_.notify_all();
    overdue_.notify_all();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
    for (Task* task : waiting_) delete task;
    waiting_.clear();
  }

  /// Sees to it that someone comes for every task that waits. Locked.
  void hire() {
    if (waiting_.size() <= idle_hands_) return;
    if (hands_ < most_hands_) {
      threads_.emplace_back([this] { work(false); });
      hands_++;
    } else if (idle_reliefs_ > 0) {
      overdue_.notify_one();
    } else if (reliefs_ < kMostReliefs) {
      threads_.emplace_back([this] { work(true); });
      reliefs_++;
    }
  }

  void work(bool relief) {
    std::unique_lock<std::mutex> lock(mutex_);
    while (!ended_) {
      if (!comes(relief, lock)) continue;
      // Its place in one list becomes its place in the other: on this thread there is nobody to tell that
      // memory ran out.
      const auto place = waiting_.begin();
      Task* const task = *place;
      running_.splice(running_.end(), waiting_, place);
      taken_ = Clock::now();
      try {
        hire();
      } catch (...) {
        // No thread to be had: the others come when they are done.
      }
      lock.unlock();
      task->run();
      lock.lock();
      running_.erase(place);
      if (ended_ || napi_call_threadsafe_function(answers_, task, napi_tsfn_nonblocking) != napi_ok)
        delete task;
    }
  }

  /// Whether there is something to do for who asks; if not, waits.
  bool comes(bool relief, std::unique_lock<std::mutex>& lock) {
    if (waiting_.empty()) {
      size_t& idle = relief ? idle_reliefs_ : idle_hands_;
      idle++;
      // Not wait(), which is in newer C++ libraries alone.
      (relief ? overdue_ : ready_).wait_until(lock, std::chrono::system_clock::now() + std::chrono::hours(1));
      idle--;
      return false;
    }
    if (!relief || Clock::now() - taken_ >= kPatience) return true;
    idle_reliefs_++;
    // By the wall's clock, since waiting by a steady one asks for glibc 2.34.
    overdue_.wait_until(lock, std::chrono::system_clock::now() + (taken_ + kPatience - Clock::now()));
    idle_reliefs_--;
    return false;
  }

  const napi_env env_;
  napi_threadsafe_function answers_ = nullptr;
  size_t unanswered_ = 0;  ///< the event loop's thread alone
  const size_t most_hands_ = std::thread::hardware_concurrency() > 1 ? std::thread::hardware_concurrency()
                                                                     : 1;

  std::mutex mutex_;
  std::condition_variable ready_;    ///< hands wait for it
  std::condition_variable overdue_;  ///< reliefs wait for it
  std::list<Task*> waiting_, running_;
  std::list<std::thread> threads_;
  size_t hands_ = 0, reliefs_ = 0;
  size_t idle_hands_ = 0, idle_reliefs_ = 0;
  Clock::time_point taken_{};  ///< when somebody last took a task
  bool ended_ = false;
};

}  // namespace hopfield

#endif  // HOPFIELD_ADDON_CREW_H_
