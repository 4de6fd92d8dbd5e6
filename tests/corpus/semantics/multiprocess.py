import concurrent.futures
import multiprocessing as mp
import sys

OFFSET = 10


class Job:
    def __init__(self, n):
        self.n = n

    def run(self):
        y = self.n * self.n + OFFSET
        return y


def square(x):
    y = x * x
    return y


def work(job, queue):
    result = job.run()
    queue.put((result, mp.current_process().name, __name__))


def fails(x):
    return [x][5]


if __name__ == "__main__":
    for method in ("fork", "spawn"):
        context = mp.get_context(method)
        with context.Pool(2) as pool:
            print(method, pool.map(square, range(5)), pool.apply(square, (9,)))
        queue = context.Queue()
        process = context.Process(target=work, args=(Job(3), queue), name="p1")
        process.start()
        print(queue.get())
        process.join()
        print(process.exitcode)
        process = context.Process(target=sys.exit, args=(6,))
        process.start()
        process.join()
        print(process.exitcode)
    with concurrent.futures.ProcessPoolExecutor(1, mp_context=mp.get_context("fork")) as executor:
        print(list(executor.map(square, [1, 2])))
        try:
            executor.submit(fails, 1).result()
        except IndexError as error:
            print(error)
    print(mp.get_start_method(), mp.current_process().name, mp.parent_process(), mp.active_children())
