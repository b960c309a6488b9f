// Licensed under the MIT license. See LICENSE in the repository root.

using VirtualBoard.Enc28j60;

namespace HostTests.Soak;

/// <summary>The other end of the cable: sends what a LAN sends, good and bad, and checks what comes.</summary>
internal sealed class SoakPartner(Enc28j60Chip chip, SeededRandom random) : IEthernetPort
{
    public static readonly byte[] Address = [0x02, 0xAA, 0xBB, 0xCC, 0xDD, 0xEE];
    public static readonly byte[] Broadcast = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF];
    public static readonly byte[] Stranger = [0x02, 0x99, 0x99, 0x99, 0x99, 0x99];

    private readonly byte[] _buffer = new byte[4096];
    private uint _lastArrived;

    /// <summary>Gets the number of the last frame sent to the chip.</summary>
    public uint LastSent { get; private set; }

    /// <summary>Gets the good frames that came.</summary>
    public long Arrived { get; private set; }

    /// <summary>Gets the number of the last good frame that came.</summary>
    public uint LastArrived => _lastArrived;

    /// <summary>Gets the frames with a wrong check sequence that came.</summary>
    public long Broken { get; private set; }

    /// <summary>Gets the frames that came with a good check sequence and wrong contents.</summary>
    public long Wrong { get; private set; }

    /// <summary>Gets the frames that came twice or out of order.</summary>
    public long OutOfOrder { get; private set; }

    /// <summary>Sends one ordinary frame.</summary>
    public void SendOne() => Send(RandomLength(), false);

    /// <summary>Sends what a LAN sends at a moment: mostly a frame or two, now and then a burst that fills the buffer, now and then rubbish.</summary>
    /// <returns>Whether it was more than the buffer holds.</returns>
    public bool SendSomething()
    {
        switch (random.Below(40))
        {
            case 0:
                // full-size frames back to back: more than the buffer holds
                SendBurst(6 + random.Below(12), 1000 + random.Below(515));
                return true;
            case 1:
                SendFlood();
                return true;
            case 2:
                SendRunts(1 + random.Below(20));
                break;
            case 3:
                Send(1515 + random.Below(2000), false);
                break;
            case 4 or 5:
                Send(RandomLength(), true);
                break;
            case 6:
                SendTo(Stranger, RandomLength(), false);
                break;
            case 7 or 8:
                SendTo(Broadcast, RandomLength(), false);
                break;
            case < 16:
                SendBurst(2 + random.Below(4), RandomLength());
                break;
            default:
                SendOne();
                break;
        }

        return false;
    }

    /// <summary>Sends more small frames than the buffer holds.</summary>
    public void SendFlood() => SendBurst(100 + random.Below(60), SoakFrame.ShortestLength);

    public void FrameSent(ReadOnlySpan<byte> frameWithFcs, long timeNs)
    {
        if (!EthernetCrc.IsValid(frameWithFcs))
        {
            Broken++;
            return;
        }

        if (!SoakFrame.IsWhole(frameWithFcs[..^4], out uint number))
        {
            Wrong++;
            return;
        }

        Arrived++;
        if (number <= _lastArrived)
        {
            OutOfOrder++;
        }

        _lastArrived = number;
    }

    private int RandomLength() => random.Below(3) switch
    {
        0 => SoakFrame.ShortestLength,
        1 => SoakFrame.ShortestLength + random.Below(500),
        _ => SoakFrame.ShortestLength + random.Below(SoakFrame.LongestLength - SoakFrame.ShortestLength + 1),
    };

    private void SendBurst(int count, int length)
    {
        for (int i = 0; i < count; i++)
        {
            Send(length, false);
        }
    }

    private void SendRunts(int count)
    {
        for (int i = 0; i < count; i++)
        {
            Send(20 + random.Below(40), false);
        }
    }

    private void Send(int length, bool bad) => SendTo(SoakRun.Station, length, bad);

    private void SendTo(byte[] to, int length, bool bad)
    {
        Span<byte> frame = _buffer.AsSpan(0, length + 4);
        SoakFrame.Fill(frame[..length], to, Address, ++LastSent);
        EthernetCrc.Append(frame);
        if (bad)
        {
            frame[random.Below(frame.Length)] ^= (byte)(1 << random.Below(8));
        }

        chip.DeliverRaw(frame);
    }
}
