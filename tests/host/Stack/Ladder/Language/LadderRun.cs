// Licensed under the MIT license. See LICENSE in the repository root.

using System.Globalization;
using Xunit.Sdk;

namespace HostTests.Stack.Ladder.Language;

/// <summary>
/// Plays a ladder from its first line to its last. What the stack sends must be expected by the very next line, in order; where
/// no line expects anything, anything that comes is an error.
/// </summary>
internal sealed class LadderRun
{
    private readonly LadderScript _script;
    private readonly TestNetwork _network;
    private readonly LadderLog _log = new();
    private readonly LadderApplication _application;
    private readonly Dictionary<string, LadderPeer> _peers = [];
    private readonly int _begin;
    private readonly uint _iss;

    public LadderRun(LadderScript script, TestNetwork network, uint peerIss)
    {
        _script = script;
        _network = network;
        _iss = peerIss;
        _begin = network.Now;
        _peers.Add(string.Empty, new LadderPeer(string.Empty, network.Client, LadderPeer.UsualPort, peerIss));
        _application = new LadderApplication(network, this);
    }

    /// <summary>Gets the first initial sequence number that the stack has sent.</summary>
    public uint? FirstIss { get; private set; }

    private int Time => _network.Now - _begin;

    /// <summary>Plays all lines, and proves that all frames come back afterwards.</summary>
    public void Play()
    {
        foreach (LadderStep step in _script.Steps)
        {
            try
            {
                Play(step);
                if (step.IsToPeer && !_application.HasTakenFrames)
                {
                    Invariants.Check(_network.Stack, _network.Configuration);
                }
            }
            catch (Exception exception) when (exception is InvariantException || (exception is XunitException broken && !LadderLog.IsBroken(broken)))
            {
                // whatever the lines say, the referee looks at every frame that leaves, and what must always hold does
                throw _log.Broken(step, "nothing that breaks a rule", exception.Message);
            }
        }

        _network.Poll();
        RequireSilence(null);
        _application.GivePoolBack();
        try
        {
            _network.Finish();
        }
        catch (XunitException exception)
        {
            throw _log.Broken(null, "all sockets and frames back in their places", exception.Message);
        }
    }

    /// <summary>Plays lines until the stack has sent a SYN, if it ever does.</summary>
    public void PlayToFirstSyn()
    {
        for (int i = 0; i < _script.Steps.Count && FirstIss == null; i++)
        {
            Play(_script.Steps[i]);
        }
    }

    public LadderPeer Peer(string name)
    {
        return _peers.TryGetValue(name, out LadderPeer? peer) ? peer : throw new FormatException("nobody is called " + name);
    }

    /// <summary>Makes a peer: <c>peer bob port 40001 ip 192.168.1.11</c>.</summary>
    public void AddPeer(string name, int port, string? ip)
    {
        TestHost host = ip == null ? _network.Client
            : ip == "far" ? _network.Far
            : _network.AddHost(0x020000000100 + (ulong)_peers.Count, Wire.Address(ip));
        _peers.Add(name, new LadderPeer(name, host, port, _iss + (uint)(_peers.Count * 1000)));
    }

    private void Play(LadderStep step)
    {
        if (step.IsToPeer)
        {
            Expect(step);
            return;
        }

        if (step.IsTimed)
        {
            LetPass(step, step.Latest);
        }

        if (step.IsFromPeer)
        {
            // what the stack had to say before it hears this, it says before
            _network.Poll();
            RequireSilence(step);
            Deliver(step);
        }
        else if (step.Body.Length > 0)
        {
            RequireSilence(step);
            Call(step);
        }
    }

    private void Deliver(LadderStep step)
    {
        LadderPeer peer = Peer(step.Name);
        byte[] frame = step.Segment is LadderSegment segment ? peer.Build(segment) : BuildError(peer, step);
        _log.Peer(Time, step.Name, step.Body);
        _network.Interface.Deliver(frame);
        if (step.Segment is not { IsLater: true })
        {
            _network.Poll();
        }
    }

    /// <summary>
    /// <c>icmp unreachable port quoting 1</c>, <c>icmp 3/4 mtu 600 quoting 1:1461(1460)</c>, and <c>from gateway</c>.
    /// </summary>
    private byte[] BuildError(LadderPeer peer, LadderStep step)
    {
        string[] words = step.Body.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        int type = 3;
        int code = 0;
        int mtu = 0;
        TestHost from = peer.Host;
        LadderNumber? quoted = null;
        for (int i = 1; i < words.Length; i++)
        {
            switch (words[i])
            {
                case "unreachable":
                    code = Array.IndexOf(["net", "host", "protocol", "port", "frag"], words[++i]);
                    break;
                case "mtu":
                    mtu = int.Parse(words[++i], CultureInfo.InvariantCulture);
                    break;
                case "gateway":
                    from = _network.Gateway;
                    break;
                case "quoting":
                    quoted = new LadderNumber(words[++i]);
                    break;
                default:
                    string[] numbers = words[i].Split('/');
                    type = int.Parse(numbers[0], CultureInfo.InvariantCulture);
                    code = int.Parse(numbers[1], CultureInfo.InvariantCulture);
                    break;
            }
        }

        if (code < 0 || quoted == null)
        {
            throw new FormatException($"{step.Place}: {step.Text}");
        }

        return peer.BuildError(from, type, code, quoted, mtu);
    }

    private void Call(LadderStep step)
    {
        string result;
        try
        {
            result = _application.Do(step);
        }
        catch (FormatException exception)
        {
            throw new FormatException($"{step.Place}: {step.Text}", exception);
        }

        _log.Call(Time, result.Length == 0 ? step.Body : $"{step.Body} -> {result}");
        if (_application.Complaint is string complaint)
        {
            throw _log.Broken(step, _application.Expected, complaint);
        }
    }

    private void Expect(LadderStep step)
    {
        if (step.Body == "any")
        {
            _network.Advance(step.Latest);
            TakeAll();
            return;
        }

        if (step.Body == "nothing")
        {
            LetPass(step, step.Latest);
            _network.Poll();
            RequireSilence(step);
            return;
        }

        LadderPeer peer = Peer(step.Name);
        int begin = _network.Now;
        SeenFrame? frame = Next(step.Latest);
        string when = step.IsTimed ? $" at {Span(begin, step)} ms" : string.Empty;
        if (frame == null)
        {
            throw _log.Broken(step, step.Body + when, "nothing, up to " + Time + " ms");
        }

        string? wrong = null;
        if (!peer.IsFor(frame))
        {
            wrong = "it is not for this peer";
        }
        else
        {
            wrong = peer.Compare(step.Segment!, frame);
            FirstIss ??= peer.StackIss;
        }

        if (wrong == null && frame.Time - begin < step.Earliest)
        {
            wrong = "too early";
        }

        if (wrong != null)
        {
            throw _log.Broken(step, step.Body + when, $"{Describe(frame)} at {frame.Time - _begin} ms: {wrong}");
        }

        peer.Took(frame);
        _log.Stack(frame.Time - _begin, step.Name, peer.Describe(frame));
    }

    private string Span(int begin, LadderStep step)
    {
        int since = begin - _begin;
        return step.Earliest == step.Latest ? $"{since + step.Latest}" : $"{since + step.Earliest} to {since + step.Latest}";
    }

    /// <summary>Takes the next thing that the stack sends, waiting for it if need be.</summary>
    private SeenFrame? Next(int wait)
    {
        int end = _network.Now + wait;
        for (int steps = 0; steps < 1000000; steps++)
        {
            int due = _network.Poll();
            if (_network.Packets.Count > 0)
            {
                SeenFrame frame = _network.Packets[0];
                _network.Packets.RemoveAt(0);
                return frame;
            }

            int left = end - _network.Now;
            if (left <= 0)
            {
                return null;
            }

            _network.Advance(Math.Min(due, left));
        }

        throw new InvalidOperationException("time does not move");
    }

    private void LetPass(LadderStep step, int milliseconds)
    {
        if (Next(milliseconds) is SeenFrame frame)
        {
            throw _log.Broken(step, "silence", $"{Describe(frame)} at {frame.Time - _begin} ms");
        }
    }

    private void RequireSilence(LadderStep? step)
    {
        if (_network.Packets.Count > 0)
        {
            throw _log.Broken(step, "silence", $"{Describe(_network.Packets[0])} at {_network.Packets[0].Time - _begin} ms");
        }
    }

    private void TakeAll()
    {
        foreach (SeenFrame frame in _network.Packets)
        {
            string said = Describe(frame);
            LadderPeer? peer = Owner(frame);
            peer?.Took(frame);
            FirstIss ??= peer?.StackIss;
            _log.Stack(frame.Time - _begin, string.Empty, said + "   (any)");
        }

        _network.Packets.Clear();
    }

    private LadderPeer? Owner(SeenFrame frame) => _peers.Values.FirstOrDefault(p => p.IsFor(frame));

    private string Describe(SeenFrame frame)
    {
        LadderPeer? peer = Owner(frame);
        peer?.Learn(frame);
        return peer == null ? frame.ToString() : peer.Name.Length == 0 ? peer.Describe(frame) : $"{peer.Name} {peer.Describe(frame)}";
    }
}
