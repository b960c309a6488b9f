// Licensed under the MIT license. See LICENSE in the repository root.

using System.Globalization;
using System.Reflection;
using TcpIp.Sockets;

namespace HostTests.Stack.Ladder.Language;

/// <summary>
/// The application's part of a ladder: calls and what they must return, and what can be asked of the stack from outside.
/// </summary>
internal sealed class LadderApplication(TestNetwork network, LadderRun run)
{
    private readonly Dictionary<string, LadderSocket> _sockets = [];
    private List<Frame> _taken = [];
    private LadderSocket? _current;
    private LadderSocket? _listener;

    /// <summary>Gets what was wrong with the last line, or null.</summary>
    public string? Complaint { get; private set; }

    /// <summary>Gets a value indicating whether frames are out of the pool that the stack does not know of.</summary>
    public bool HasTakenFrames => _taken.Count > 0;

    /// <summary>Gets what it should have been.</summary>
    public string Expected { get; private set; } = string.Empty;

    /// <summary>
    /// Does what a line says.
    /// </summary>
    /// <returns>What came of it, for the log.</returns>
    public string Do(LadderStep step)
    {
        Complaint = null;
        string[] words = step.Body.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (Ask(step, words) is string answer)
        {
            return answer;
        }

        int result;
        int normal = 0;
        switch (words[0])
        {
            case "socket":
                result = Name(network.Sockets.Socket(), words);
                normal = result >= 0 ? result : 0;
                break;
            case "bind":
                result = network.Sockets.Bind(Of(step).Descriptor, Number(words[1]));
                break;
            case "listen":
                result = Listen(words);
                break;
            case "accept":
                result = Accept(step, words);
                normal = result >= 0 ? result : 0;
                break;
            case "connect":
                result = Connect(step, words);
                normal = (int)SocketError.InProgress;
                break;
            case "write":
                normal = Number(words[1]);
                result = Of(step).Write(network.Sockets, normal);
                break;
            case "read":
                normal = Number(words[1]);
                result = Of(step).Read(network.Sockets, normal, out string? wrong);
                Complain("the bytes that the peer has sent", wrong);
                break;
            case "shutdown":
                result = network.Sockets.Shutdown(Of(step).Descriptor);
                break;
            case "close":
                result = network.Sockets.Close((words.Length > 1 && words[1] == "listener" ? _listener! : Of(step)).Descriptor);
                break;
            case "abort":
                result = network.Sockets.Abort((words.Length > 1 && words[1] == "listener" ? _listener! : Of(step)).Descriptor);
                break;
            case "nodelay":
                result = network.Sockets.SetNoDelay(Of(step).Descriptor, IsOn(words[1]));
                break;
            case "keepalive":
                result = network.Sockets.SetKeepAlive(Of(step).Descriptor, Number(words[1]));
                break;
            case "usertimeout":
                result = network.Sockets.SetUserTimeout(Of(step).Descriptor, Number(words[1]));
                break;
            default:
                throw new FormatException("no such call: " + step.Body);
        }

        CheckResult(step, result, normal);
        return Say(result);
    }

    /// <summary>Gives back what <c>pool leaves</c> has taken.</summary>
    public void GivePoolBack()
    {
        _taken.ForEach(network.Stack.Pool.Return);
        _taken.Clear();
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static bool IsOn(string word) => word is "on" or "up" ? true : word is "off" or "down" ? false : throw new FormatException(word);

    private static string Say(int result) => result < 0 ? ((SocketError)result).ToString() : result.ToString(CultureInfo.InvariantCulture);

    /// <summary>The lines that call nothing: questions, and what happens to the stack from outside.</summary>
    private string? Ask(LadderStep step, string[] words)
    {
        switch (words[0])
        {
            case "state":
                return Check(words[1], StateOf(step));
            case "error":
                return Check(words[1], network.Sockets.GetError(Of(step).Descriptor).ToString());
            case "counter":
                return Check(words[2], Counter(words[1]).ToString(CultureInfo.InvariantCulture));
            case "held":
                return Check(words[1], Enumerable.Range(0, network.Stack.Pool.Classes).Sum(network.Stack.Pool.InUse).ToString(CultureInfo.InvariantCulture));
            case "blocks":
                return Check(words[1], network.Stack.Tcp.BlocksInUse.ToString(CultureInfo.InvariantCulture));
            case "halfopen":
                return Check(words[1], network.Stack.Tcp.HalfOpen.ToString(CultureInfo.InvariantCulture));
            case "rto":
                return Check(words[1], Status(step)?.RetransmissionTimeout.ToString(CultureInfo.InvariantCulture) ?? "nothing");
            case "peer":
                int ip = Array.IndexOf(words, "ip");
                run.AddPeer(words[1], Number(words[3]), ip < 0 ? null : words[ip + 1]);
                return string.Empty;
            case "link":
                network.Interface.IsLinkUp = IsOn(words[1]);
                return string.Empty;
            case "busy":
                network.Interface.Busy = IsOn(words[1]);
                return string.Empty;
            case "arp":
                network.Client.AnswersArp = IsOn(words[1]);
                return string.Empty;
            case "forget" when words[1] == "gateway":
                network.Stack.Configure(TestNetwork.StackIp, TestNetwork.Netmask, 0);
                return string.Empty;
            case "forget" when words[1] == "address":
                network.Stack.Configure(0, 0, 0);
                return string.Empty;
            case "pool":
                TakePool(words[1] == "whole" ? int.MaxValue : Number(words[2]), words[^1] == "control");
                return string.Empty;
            default:
                return null;
        }
    }

    private string Check(string expected, string seen)
    {
        if (expected != seen)
        {
            Complain(expected, seen);
            return seen;
        }

        return string.Empty;
    }

    private void CheckResult(LadderStep step, int result, int normal)
    {
        string expected = step.Result == "end" ? "0" : step.Result ?? Say(normal);
        if (Say(result) != expected)
        {
            Complain(expected, Say(result));
        }
    }

    private void Complain(string expected, string? wrong)
    {
        if (wrong != null && Complaint == null)
        {
            Expected = expected;
            Complaint = wrong;
        }
    }

    private LadderSocket Of(LadderStep step)
    {
        LadderSocket? socket = step.Name.Length == 0 ? _current : _sockets.GetValueOrDefault(step.Name);
        return socket ?? throw new FormatException($"{step.Place}: there is no socket: {step.Text}");
    }

    private int Name(int descriptor, string[] words)
    {
        if (descriptor >= 0)
        {
            _current = new LadderSocket(descriptor);
            int at = Array.IndexOf(words, "as");
            if (at >= 0)
            {
                _sockets[words[at + 1]] = _current;
            }
        }

        return descriptor;
    }

    /// <summary><c>listen 80 backlog 2</c>: socket, bind and listen in one.</summary>
    private int Listen(string[] words)
    {
        int descriptor = network.Sockets.Socket();
        int result = descriptor;
        if (descriptor >= 0)
        {
            result = network.Sockets.Bind(descriptor, Number(words[1]));
            result = result < 0 ? result : network.Sockets.Listen(descriptor, Number(words[3]));
            if (result < 0)
            {
                network.Sockets.Close(descriptor);
            }
            else
            {
                LadderSocket? current = _current;
                Name(descriptor, words);
                _listener = _current;
                _current = current ?? _listener;
            }
        }

        return result;
    }

    private int Accept(LadderStep step, string[] words)
    {
        LadderSocket? listener = step.Name.Length == 0 ? _listener : Of(step);
        return Name(network.Sockets.Accept(listener!.Descriptor), words);
    }

    /// <summary><c>connect</c>, <c>connect bob as second</c>, <c>connect to 224.0.0.1</c>.</summary>
    private int Connect(LadderStep step, string[] words)
    {
        string name = words.Length > 1 && words[1] is not ("as" or "to") ? words[1] : string.Empty;
        int to = Array.IndexOf(words, "to");
        LadderPeer peer = run.Peer(name);
        if (step.Name.Length == 0)
        {
            int descriptor = Name(network.Sockets.Socket(), words);
            if (descriptor < 0)
            {
                return descriptor;
            }

            peer.StackPort = 0;
        }

        return network.Sockets.Connect(
            step.Name.Length == 0 ? _current!.Descriptor : Of(step).Descriptor,
            to < 0 ? peer.Host.Ip : Wire.Address(words[to + 1]),
            peer.Port);
    }

    private string StateOf(LadderStep step)
    {
        string state = step.Name.Length > 0 && _sockets.TryGetValue(step.Name, out LadderSocket? socket)
            ? network.Sockets.GetState(socket.Descriptor).ToString()
            : (Status(step)?.State ?? TcpIp.Tcp.TcpState.Closed).ToString();
        return state switch
        {
            "SynSent" => "SYN-SENT",
            "SynReceived" => "SYN-RECEIVED",
            "FinWait1" => "FIN-WAIT-1",
            "FinWait2" => "FIN-WAIT-2",
            "CloseWait" => "CLOSE-WAIT",
            "LastAck" => "LAST-ACK",
            "TimeWait" => "TIME-WAIT",
            _ => state.ToUpperInvariant(),
        };
    }

    /// <summary>The row of the socket table for the connection with a peer, whoever holds it.</summary>
    private SocketStatus? Status(LadderStep step)
    {
        LadderPeer peer = run.Peer(step.Name);
        SocketStatus? found = null;
        for (int row = 0; row < network.Sockets.Count; row++)
        {
            SocketStatus status = new();
            if (network.Sockets.GetStatus(row, status) && status.RemotePort == peer.Port && status.RemoteAddress == peer.Host.Ip)
            {
                found = status;
            }
        }

        return found;
    }

    private uint Counter(string name)
    {
        string[] parts = name.Split('.');
        object counters = parts[0] switch
        {
            "tcp" => network.Stack.Tcp.Counters,
            "udp" => network.Stack.Udp.Counters,
            "ip" => network.Stack.IPv4.Counters,
            "icmp" => network.Stack.Icmp.Counters,
            "arp" => network.Stack.Arp.Counters,
            "ethernet" => network.Stack.Ethernet.Counters,
            _ => throw new FormatException("no such counters: " + name),
        };
        PropertyInfo counter = counters.GetType().GetProperty(parts[1]) ?? throw new FormatException("no such counter: " + name);
        return (uint)counter.GetValue(counters)!;
    }

    /// <summary>
    /// <c>pool leaves 1</c>: all frames but some large ones are taken, and the control frame is, as if it waited for the interface;
    /// <c>pool leaves 1 and control</c>: that one is free; <c>pool whole</c>: they are back.
    /// </summary>
    private void TakePool(int left, bool controlToo)
    {
        GivePoolBack();
        _taken = left == int.MaxValue ? [] : network.DrainPool(left);
        if (left != int.MaxValue && !controlToo)
        {
            Frame control = ControlFrame.Of(network.Stack);
            control.Retain();
            _taken.Add(control);
        }
    }
}
