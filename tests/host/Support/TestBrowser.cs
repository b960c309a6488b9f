// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text;

namespace HostTests.Support;

/// <summary>A web client on a <see cref="TcpPeer"/>: it acknowledges all it gets and keeps the text.</summary>
internal sealed class TestBrowser
{
    private readonly TestNetwork _network;
    private readonly StringBuilder _received = new();

    public TestBrowser(TestNetwork network, int port, bool open = true)
    {
        _network = network;
        Peer = network.Peer(port: port, iss: (uint)(port * 77777));
        if (open)
        {
            Peer.Handshake();
        }
    }

    public TcpPeer Peer { get; }

    /// <summary>Gets a value indicating whether the server has closed its direction.</summary>
    public bool Ended { get; private set; }

    public bool WasReset { get; private set; }

    public string Received => _received.ToString();

    public string Status => Received.Length >= 12 ? Received.Substring(9, 3) : "(" + Received + ")";

    public string Header => Received[..(Received.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)];

    public string Body => Received[(Received.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];

    /// <summary>Gets the number of the Content-Length field.</summary>
    public int ContentLength
    {
        get
        {
            string line = Header.Split("\r\n").Single(l => l.StartsWith("Content-Length: ", StringComparison.Ordinal));
            return int.Parse(line[16..]);
        }
    }

    /// <summary>Whether the answer to a request has come as long as its header says.</summary>
    public bool IsComplete(string request)
    {
        int header = Header.Length;
        return header > 4 && (request.StartsWith("HEAD", StringComparison.Ordinal) || Status is "204" or "304"
            || (Header.Contains("\r\nTransfer-Encoding: ") ? Received.EndsWith("0\r\n\r\n", StringComparison.Ordinal)
                : Received.Length == header + ContentLength));
    }

    /// <summary>Sends a text in segments of at most some bytes, as fast as the server's window allows.</summary>
    public TestBrowser Send(string text, int segment = 1000)
    {
        for (int i = 0; i < text.Length && !WasReset; i += segment)
        {
            Peer.Send("PA", text: text.Substring(i, Math.Min(segment, text.Length - i)));
            Pump();
        }

        return this;
    }

    /// <summary>Takes what has arrived and acknowledges it, until there is nothing more.</summary>
    public TestBrowser Pump()
    {
        List<SeenFrame> seen = Peer.TakeAll();
        while (seen.Count > 0)
        {
            bool news = false;
            foreach (SeenFrame frame in seen)
            {
                WasReset |= (frame.Flags & SeenFrame.Rst) != 0;
                long seq = (int)(frame.Seq - Peer.StackIss);
                if (WasReset || seq > Peer.RcvNxt)
                {
                    continue;
                }

                int skip = (int)(Peer.RcvNxt - seq);
                if (skip < frame.Text.Length)
                {
                    _received.Append(Encoding.Latin1.GetString(frame.Text, skip, frame.Text.Length - skip));
                    Peer.RcvNxt += frame.Text.Length - skip;
                    news = true;
                }

                if ((frame.Flags & SeenFrame.Fin) != 0 && !Ended && seq + frame.Text.Length == Peer.RcvNxt)
                {
                    Ended = true;
                    Peer.RcvNxt++;
                    news = true;
                }
            }

            if (news && !WasReset)
            {
                Peer.Send("A");
            }

            seen = Peer.TakeAll();
        }

        return this;
    }

    /// <summary>Closes the client's direction.</summary>
    public TestBrowser Close()
    {
        Peer.Send("FA");
        return Pump();
    }

    /// <summary>The whole exchange: request, answer, both directions closed without a reset.</summary>
    public TestBrowser Get(string request, int segment = 1000)
    {
        Send(request, segment);
        _network.Advance(10);
        Pump();
        Assert.False(WasReset, "reset before the answer was complete: " + Received);
        if (Ended)
        {
            return Close();
        }

        // the connection is there for another request, until we close
        Assert.True(IsComplete(request), "the answer is not complete: " + Received);
        Close();
        _network.Advance(10);
        Pump();
        Assert.True(Ended, "the server has not closed: " + Received);
        return this;
    }
}
