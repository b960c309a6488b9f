// Licensed under the MIT license. See LICENSE in the repository root.

using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace VirtualBoard.Services;

/// <summary>
/// A DNS server for the board. It knows the PC, as <c>pc</c>, and whoever told the DHCP server a name; other names it asks the PC's own
/// resolver for, if the board may reach beyond the PC.
/// </summary>
/// <param name="pc">The address under which the board reaches the PC.</param>
/// <param name="clients">Finds the address of a client by its name, or 0.</param>
/// <param name="outside">Whether other names may be asked for.</param>
/// <param name="tell">Tells the user something.</param>
internal sealed class DnsServer(uint pc, Func<string, uint> clients, bool outside, Action<string> tell)
{
    /// <summary>What the PC is called.</summary>
    public const string PcName = "pc";

    private const string DomainEnd = "." + DhcpServer.Domain;
    private const int MostAddresses = 8;

    private readonly HashSet<string> _told = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Answers a query, at once or later.</summary>
    /// <param name="data">The query.</param>
    /// <param name="answer">Takes the answer, on any thread.</param>
    public void Answer(ReadOnlySpan<byte> data, Action<byte[]> answer)
    {
        DnsQuestion? question = DnsQuestion.Read(data);
        if (question is null)
        {
            return;
        }

        string name = question.Name;
        bool isLocal = !name.Contains('.') || name.EndsWith(DomainEnd, StringComparison.OrdinalIgnoreCase);
        if (isLocal)
        {
            uint address = FindLocal(name.Split('.')[0]);
            answer(address == 0 ? question.Answer(DnsQuestion.NameError)
                : question.IsForAddress ? question.Answer(DnsQuestion.NoError, address)
                : question.Answer(DnsQuestion.NoError));
        }
        else if (outside)
        {
            _ = AskAsync(question, answer);
        }
        else
        {
            if (_told.Add(name))
            {
                tell($"The board asks for the address of {name}: --outside has the PC look names up.");
            }

            answer(question.Answer(DnsQuestion.Refused));
        }
    }

    private static async Task AskAsync(DnsQuestion question, Action<byte[]> answer)
    {
        try
        {
            IPAddress[] found = await Dns.GetHostAddressesAsync(question.Name, AddressFamily.InterNetwork).ConfigureAwait(false);
            uint[] addresses = [.. found.Take(MostAddresses).Select(a => BinaryPrimitives.ReadUInt32BigEndian(a.GetAddressBytes()))];
            answer(question.Answer(DnsQuestion.NoError, question.IsForAddress ? addresses : []));
        }
        catch (SocketException e)
        {
            bool none = e.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData;
            answer(question.Answer(none ? DnsQuestion.NameError : DnsQuestion.ServerFailure));
        }
        catch (ArgumentException)
        {
            // a name that the PC takes for none
            answer(question.Answer(DnsQuestion.NameError));
        }
    }

    private uint FindLocal(string name) => name.Equals(PcName, StringComparison.OrdinalIgnoreCase) ? pc : clients(name);
}
