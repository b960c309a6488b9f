// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Support;

/// <summary>
/// The referee's reassembly of what the stack has sent in fragments. It is strict where receivers must be lenient: the fragments
/// of a datagram leave in order, each but the last as long as the MTU allows, and none is missing or sent twice.
/// </summary>
internal sealed class SentFragments
{
    private readonly List<byte> _payload = [];
    private SeenFrame? _first;

    /// <summary>Gets a value indicating whether a datagram was sent in part.</summary>
    public bool IsIncomplete => _first != null;

    /// <summary>Takes the next fragment.</summary>
    /// <returns>The packet without Ethernet header padding that would have been sent if it had fitted, or null when more must follow.</returns>
    public byte[]? Add(SeenFrame fragment)
    {
        if (_first == null)
        {
            Assert.Equal(0, fragment.FragmentOffset);
            _first = fragment;
        }

        Assert.Equal(_payload.Count, fragment.FragmentOffset);
        Assert.Equal(
            (_first.Id, _first.IpDestination, _first.Protocol, _first.Ttl, _first.Destination),
            (fragment.Id, fragment.IpDestination, fragment.Protocol, fragment.Ttl, fragment.Destination));
        _payload.AddRange(fragment.IpPayload);
        if (fragment.MoreFragments)
        {
            Assert.Equal(1480, fragment.IpPayload.Length);
            return null;
        }

        byte[] whole = [.. _first.Bytes[..34], .. _payload];
        Wire.Put16(whole, 16, whole.Length - 14);
        Wire.Put16(whole, 20, 0);
        Wire.Put16(whole, 24, 0);
        Wire.Put16(whole, 24, Wire.Checksum(whole, 14, 20));
        _payload.Clear();
        _first = null;
        return whole;
    }
}
