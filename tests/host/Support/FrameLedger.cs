// Licensed under the MIT license. See LICENSE in the repository root.

using System.Reflection;
using System.Runtime.CompilerServices;
using TcpIp.Tcp;

namespace HostTests.Support;

/// <summary>
/// Who holds which frame. The objects of a stack are found by reflection, once: it makes none after start-up. So a layer that is
/// added later, and keeps frames, is in the books without being named here.
/// </summary>
internal sealed class FrameLedger
{
    private const BindingFlags Fields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly ConditionalWeakTable<TcpIpStack, FrameLedger> s_ledgers = [];

    private readonly FramePool _pool;
    private readonly List<FrameQueue> _queues = [];
    private readonly List<Frame?[]> _arrays = [];
    private readonly List<(object Owner, FieldInfo Field)> _single = [];
    private readonly Dictionary<Frame, int> _held = [];

    private FrameLedger(TcpIpStack stack)
    {
        _pool = stack.Pool;
        HashSet<object> seen = new(ReferenceEqualityComparer.Instance);
        Visit(stack, seen);
        Assert.True(_queues.Count >= 3 * stack.Tcp.Blocks.Length, "the stack's queues were not found");
    }

    public static FrameLedger Of(TcpIpStack stack) => s_ledgers.GetValue(stack, s => new FrameLedger(s));

    /// <summary>
    /// Every frame is free or held, and by as many owners as it counts itself.
    /// </summary>
    public void Check()
    {
        _held.Clear();
        foreach (FrameQueue queue in _queues)
        {
            for (Frame? frame = queue.Head; frame != null; frame = frame.Next)
            {
                Hold(frame);
            }
        }

        foreach (Frame?[] array in _arrays)
        {
            foreach (Frame? frame in array)
            {
                Hold(frame);
            }
        }

        foreach ((object owner, FieldInfo field) in _single)
        {
            Hold((Frame?)field.GetValue(owner));
        }

        int total = 0;
        for (int i = 0; i < _pool.Classes; i++)
        {
            total += _pool.Total(i);
        }

        foreach ((Frame frame, int owners) in _held)
        {
            if (frame.References != owners)
            {
                Assert.Fail($"a frame with {owners} owners counts {frame.References}");
            }
        }

        if (_pool.Free + _held.Count != total)
        {
            Assert.Fail($"{_pool.Free} free and {_held.Count} held of {total} frames");
        }

        Assert.Equal(0u, _pool.DoubleReturns);
        Assert.Equal(0u, _pool.UsesAfterReturn);
    }

    private void Hold(Frame? frame)
    {
        // a buffer that is no frame of the pool's has one owner for ever
        if (frame != null && frame.SizeClass >= 0)
        {
            _held[frame] = _held.GetValueOrDefault(frame) + 1;
        }
    }

    private void Visit(object place, HashSet<object> seen)
    {
        if (place is FramePool or TcpSegment or TcpIp.Sockets.ReceivedView || !seen.Add(place))
        {
            // the pool's frames are free; a segment and a view only look at frames
            return;
        }

        if (place is FrameQueue queue)
        {
            _queues.Add(queue);
            return;
        }

        if (place is Frame?[] frames)
        {
            _arrays.Add(frames);
            return;
        }

        if (place is Array array)
        {
            foreach (object? element in array)
            {
                if (element != null && IsOfTheStack(element.GetType()))
                {
                    Visit(element, seen);
                }
            }

            return;
        }

        for (Type? type = place.GetType(); type != null && type != typeof(object); type = type.BaseType)
        {
            foreach (FieldInfo field in type.GetFields(Fields))
            {
                if (field.FieldType == typeof(Frame))
                {
                    _single.Add((place, field));
                }
                else if (field.GetValue(place) is { } value && IsOfTheStack(value.GetType()))
                {
                    Visit(value, seen);
                }
            }
        }
    }

    private static bool IsOfTheStack(Type type)
    {
        Type element = type.GetElementType() ?? type;
        return !element.IsValueType && element.Assembly == typeof(TcpIpStack).Assembly;
    }
}
