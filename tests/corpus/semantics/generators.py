import asyncio
import contextlib
import inspect
import itertools


def accumulate(n):
    r = 0
    try:
        while True:
            s = yield (r := r + n)
            if s is not None:
                r += s
            if r > 20:
                return r * 2
    finally:
        print("closed", r)


g = accumulate(3)
print(next(g), next(g), g.send(10), inspect.getgeneratorlocals(g), inspect.getgeneratorstate(g))
try:
    g.send(10)
except StopIteration as stop:
    print("returned", stop.value)
h = accumulate(1)
next(h)
h.close()
k = accumulate(2)
next(k)
try:
    k.throw(ValueError("thrown"))
except ValueError as error:
    print(error, error.__traceback__.tb_next.tb_lineno)


def delegate():
    value = yield from accumulate(9)
    print("got", value)
    x = yield
    yield x, (yield 5)


print(list(itertools.islice(delegate(), 6)))
d = delegate()
for _ in range(4):
    print(next(d))
print((x for x in [1]).__name__, accumulate.__name__, g.gi_frame, k.gi_code.co_name)


async def ticker(n):
    for i in range(n):
        yield i * 2
        await asyncio.sleep(0)


@contextlib.asynccontextmanager
async def resource():
    print("open")
    try:
        yield 5
    finally:
        print("close")


async def work(n):
    await asyncio.sleep(0)
    result = [x async for x in ticker(n) if x or await other()]
    return result


async def other():
    return True


async def main():
    a, b = await asyncio.gather(work(2), work(3))
    async with resource() as z, resource():
        print(z + 1)
    async for x in ticker(2):
        y = x
    else:
        print("done", y)
    task = asyncio.create_task(work(1), name="t")
    print(await task, {k: v async for k, v in pairs()})
    try:
        async with asyncio.timeout(0.01):
            await asyncio.sleep(10)
    except TimeoutError:
        print("timeout")
    try:
        async with asyncio.TaskGroup() as tg:
            tg.create_task(fails())
    except* ZeroDivisionError as eg:
        print("group", eg.exceptions)
    return a + b


async def fails():
    return 1 / 0


async def pairs():
    yield 1, 2


print(asyncio.run(main()))
coro = other()
print(inspect.iscoroutine(coro))
coro.close()


def simple():
    yield


async def never():
    await fails()


print(list(simple()))
asyncio.run(never())
