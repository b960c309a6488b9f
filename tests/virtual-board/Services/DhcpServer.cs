// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text;

namespace VirtualBoard.Services;

/// <summary>
/// A DHCP server of one small network (RFC 2131 section 4.3). It knows no other server beside it, so it says no to whoever asks for an
/// address that it would not give.
/// </summary>
/// <param name="server">Its own address, which is also that of the router and of the other services.</param>
/// <param name="netmask">The network's mask.</param>
/// <param name="first">The first address that it gives.</param>
/// <param name="count">How many it may give.</param>
internal sealed class DhcpServer(uint server, uint netmask, uint first, int count)
{
    /// <summary>Seconds that an address is given for.</summary>
    public const uint LeaseSeconds = 3600;

    /// <summary>The network's domain, which RFC 8375 keeps for networks at home.</summary>
    public const string Domain = "home.arpa";

    private readonly Dictionary<ulong, uint> _leases = [];
    private readonly HashSet<uint> _declined = [];
    private readonly Dictionary<string, uint> _names = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Messages that were answered.</summary>
    public int Answers { get; private set; }

    /// <summary>Leases that were given back.</summary>
    public int Releases { get; private set; }

    /// <summary>The address of a client that told its name, or 0.</summary>
    public uint FindName(string name) => _names.GetValueOrDefault(name);

    /// <summary>Does what a message asks for.</summary>
    /// <returns>The answer, or null where none is due.</returns>
    public DhcpMessage? Answer(DhcpMessage message)
    {
        DhcpMessage? answer = message.Type switch
        {
            DhcpMessage.Discover => Offer(message),
            DhcpMessage.Request => Confirm(message),
            DhcpMessage.Inform => Describe(message.Answer(DhcpMessage.Ack, 0)),
            _ => null,
        };
        if (message.Type == DhcpMessage.Decline)
        {
            _declined.Add(message.FindAddress(DhcpMessage.RequestedAddress));
            _leases.Remove(message.Client);
        }
        else if (message.Type == DhcpMessage.Release)
        {
            Forget(message.ClientAddress);
            Releases++;
        }

        Answers += answer is null ? 0 : 1;
        return answer;
    }

    private DhcpMessage? Offer(DhcpMessage message)
    {
        uint address = Choose(message.Client, message.FindAddress(DhcpMessage.RequestedAddress));
        return address == 0 ? null : Describe(message.Answer(DhcpMessage.Offer, address).Add(DhcpMessage.LeaseTime, LeaseSeconds));
    }

    private DhcpMessage? Confirm(DhcpMessage message)
    {
        uint chosen = message.FindAddress(DhcpMessage.ServerIdentifier);
        if (chosen != 0 && chosen != server)
        {
            // it has taken another server's offer
            return null;
        }

        uint wanted = message.ClientAddress != 0 ? message.ClientAddress : message.FindAddress(DhcpMessage.RequestedAddress);
        if (wanted == 0 || Choose(message.Client, wanted) != wanted)
        {
            return message.Answer(DhcpMessage.Nak, 0).Add(DhcpMessage.ServerIdentifier, server).Finish();
        }

        _leases[message.Client] = wanted;
        if (!message.Find(DhcpMessage.HostName).IsEmpty)
        {
            _names[Encoding.ASCII.GetString(message.Find(DhcpMessage.HostName))] = wanted;
        }

        return Describe(message.Answer(DhcpMessage.Ack, wanted).Add(DhcpMessage.LeaseTime, LeaseSeconds));
    }

    private DhcpMessage Describe(DhcpMessage answer) => answer
        .Add(DhcpMessage.ServerIdentifier, server)
        .Add(DhcpMessage.SubnetMask, netmask)
        .Add(DhcpMessage.Router, server)
        .Add(DhcpMessage.DnsServer, server)
        .Add(DhcpMessage.NtpServer, server)
        .Add(DhcpMessage.DomainName, Encoding.ASCII.GetBytes(Domain))
        .Finish();

    /// <summary>The address that a client has, else the one that it would like, else the first that is free; 0 if there is none.</summary>
    private uint Choose(ulong client, uint wanted)
    {
        if (_leases.TryGetValue(client, out uint address))
        {
            return address;
        }

        if (IsFree(wanted))
        {
            return wanted;
        }

        for (uint i = 0; i < count; i++)
        {
            if (IsFree(first + i))
            {
                return first + i;
            }
        }

        return 0;
    }

    private bool IsFree(uint address) =>
        address >= first && address - first < count && !_declined.Contains(address) && !_leases.ContainsValue(address);

    private void Forget(uint address)
    {
        foreach (ulong client in _leases.Where(lease => lease.Value == address).Select(lease => lease.Key).ToArray())
        {
            _leases.Remove(client);
        }

        foreach (string name in _names.Where(n => n.Value == address).Select(n => n.Key).ToArray())
        {
            _names.Remove(name);
        }
    }
}
