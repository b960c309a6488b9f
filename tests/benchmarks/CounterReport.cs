// Licensed under the MIT license. See LICENSE in the repository root.

using System.Reflection;
using TcpIp;

namespace Benchmarks;

/// <summary>What a stack's counters have counted between two moments, by layer and reason.</summary>
internal sealed class CounterReport
{
    private readonly (string Layer, object Counters)[] _layers;
    private readonly TcpIpStack _stack;
    private readonly Dictionary<string, uint> _before;

    public CounterReport(TcpIpStack stack)
    {
        _stack = stack;
        _layers =
        [
            ("Ethernet", stack.Ethernet.Counters),
            ("ARP", stack.Arp.Counters),
            ("IPv4", stack.IPv4.Counters),
            ("ICMP", stack.Icmp.Counters),
            ("UDP", stack.Udp.Counters),
            ("TCP", stack.Tcp.Counters),
        ];
        _before = Read();
    }

    /// <summary>The counters that have moved, layer by layer.</summary>
    public string Text()
    {
        Dictionary<string, uint> now = Read();
        IEnumerable<string> layers = _layers.Select(layer => layer.Layer + ": " + string.Join(", ", now
            .Where(c => c.Key.StartsWith(layer.Layer + ".") && c.Value != _before[c.Key])
            .Select(c => $"{c.Key[(layer.Layer.Length + 1)..]} {c.Value - _before[c.Key]}")))
            .Where(text => !text.EndsWith(": "));
        int total = Enumerable.Range(0, _stack.Pool.Classes).Sum(_stack.Pool.Total);
        return string.Join("; ", layers) + $"; frames held {total - _stack.Pool.Free}";
    }

    private Dictionary<string, uint> Read()
    {
        return _layers.SelectMany(layer => layer.Counters.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Select(counter => (Name: $"{layer.Layer}.{counter.Name}", Value: (uint)counter.GetValue(layer.Counters)!)))
            .ToDictionary(c => c.Name, c => c.Value);
    }
}
