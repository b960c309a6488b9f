// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60.Tests;

/// <summary>A chip on a bench: raw SPI instructions by register name, a right start-up, and a recorder of what it sends.</summary>
public sealed class ChipBench : IEthernetPort
{
    public const int TransmitStart = 0x1A00;
    public const int ReceiveEnd = 0x19FF;

    public static readonly byte[] Station = [0x02, 0x11, 0x22, 0x33, 0x44, 0x55];
    public static readonly byte[] Peer = [0x02, 0xAA, 0xBB, 0xCC, 0xDD, 0xEE];

    public ChipBench(ChipOptions? options = null, bool fullDuplex = false, bool start = true)
    {
        options ??= new ChipOptions();
        Clock = new VirtualClock();
        Chip = new Enc28j60Chip(Clock, options) { Port = this };
        if (start)
        {
            Start(fullDuplex);
        }
    }

    public VirtualClock Clock { get; }

    public Enc28j60Chip Chip { get; }

    public List<byte[]> Sent { get; } = [];

    public List<long> SentAt { get; } = [];

    public bool Record { get; set; } = true;

    public int NextPacket { get; set; }

    private int Bank { get; set; } = -1;

    public void FrameSent(ReadOnlySpan<byte> frameWithFcs, long timeNs)
    {
        if (Record)
        {
            Sent.Add(frameWithFcs.ToArray());
            SentAt.Add(timeNs);
        }
    }

    public byte[] Transfer(params byte[] mosi)
    {
        var miso = new byte[mosi.Length];
        Chip.Select();
        for (int i = 0; i < mosi.Length; i++)
        {
            miso[i] = Chip.Exchange(mosi[i]);
        }

        Chip.Deselect();
        return miso;
    }

    public void ForgetBank() => Bank = -1;

    public void SelectBank(int register)
    {
        int bank = register >> 5;
        if ((register & 0x1F) >= 0x1B || bank == Bank)
        {
            return;
        }

        Transfer(0xBF, 0x03);
        Transfer(0x9F, (byte)bank);
        Bank = bank;
    }

    public byte Read(int register)
    {
        SelectBank(register);
        byte opcode = (byte)(register & 0x1F);
        return RegisterMap.HasDummyByte(register) ? Transfer(opcode, 0, 0)[2] : Transfer(opcode, 0)[1];
    }

    public int ReadPair(int low) => Read(low) | (Read(low + 1) << 8);

    public void Write(int register, int value)
    {
        SelectBank(register);
        Transfer((byte)(0x40 | (register & 0x1F)), (byte)value);
    }

    public void WritePair(int low, int value)
    {
        Write(low, value & 0xFF);
        Write(low + 1, value >> 8);
    }

    public void Set(int register, int mask)
    {
        SelectBank(register);
        Transfer((byte)(0x80 | (register & 0x1F)), (byte)mask);
    }

    public void Clear(int register, int mask)
    {
        SelectBank(register);
        Transfer((byte)(0xA0 | (register & 0x1F)), (byte)mask);
    }

    public byte[] ReadBuffer(int count)
    {
        var mosi = new byte[count + 1];
        mosi[0] = 0x3A;
        return Transfer(mosi)[1..];
    }

    public byte[] ReadMemory(int address, int count)
    {
        WritePair(Reg.ERDPTL, address);
        return ReadBuffer(count);
    }

    public void WriteMemory(int address, params byte[] bytes)
    {
        WritePair(Reg.EWRPTL, address);
        Transfer([0x7A, .. bytes]);
    }

    public ushort ReadPhy(int address)
    {
        Write(Reg.MIREGADR, address);
        Write(Reg.MICMD, Micmd.MIIRD);
        WaitMii();
        Write(Reg.MICMD, 0);
        return (ushort)ReadPair(Reg.MIRDL);
    }

    public void WritePhy(int address, int value)
    {
        Write(Reg.MIREGADR, address);
        WritePair(Reg.MIWRL, value);
        WaitMii();
    }

    public void WaitMii()
    {
        while ((Read(Reg.MISTAT) & Mistat.BUSY) != 0)
        {
            Clock.Advance(1000);
        }
    }

    public void SystemReset()
    {
        Transfer(0xFF);
        Clock.Advance(Enc28j60Chip.SystemResetNs);
        Bank = 0;
    }

    public void Start(bool fullDuplex = false)
    {
        Clear(Reg.ECON2, Econ2.PWRSV);
        Clock.Advance(Enc28j60Chip.OscillatorStartNs);
        SystemReset();
        WritePair(Reg.ERXSTL, 0);
        WritePair(Reg.ERXNDL, ReceiveEnd);
        WritePair(Reg.ERXRDPTL, ReceiveEnd);
        WritePair(Reg.ERDPTL, 0);
        WritePair(Reg.ETXSTL, TransmitStart);
        Write(Reg.ERXFCON, 0xA1);
        Write(Reg.MACON1, fullDuplex ? 0x0D : 0x01);
        Write(Reg.MACON3, fullDuplex ? 0x33 : 0x32);
        Write(Reg.MACON4, 0x40);
        Write(Reg.MABBIPG, fullDuplex ? 0x15 : 0x12);
        Write(Reg.MAIPGL, 0x12);
        Write(Reg.MAIPGH, 0x0C);
        WritePair(Reg.MAMXFLL, 1518);
        Write(Reg.MAADR1, Station[0]);
        Write(Reg.MAADR2, Station[1]);
        Write(Reg.MAADR3, Station[2]);
        Write(Reg.MAADR4, Station[3]);
        Write(Reg.MAADR5, Station[4]);
        Write(Reg.MAADR6, Station[5]);
        WritePhy(0x00, fullDuplex ? 0x0100 : 0);
        WritePhy(0x10, 0x0100);
        WritePhy(0x12, 0x0012);
        WritePhy(0x14, 0x3476);
        Write(Reg.ECOCON, 0);
        Clock.Advance(Chip.Options.LinkDelayNs);
        ReadPhy(0x13);
        Set(Reg.ECON1, Econ1.RXEN);
        NextPacket = 0;
    }

    /// <summary>A frame without check sequence: addresses, type and counting payload.</summary>
    public static byte[] Frame(byte[] to, int length = 60, int type = 0x0800)
    {
        var frame = new byte[length];
        to.CopyTo(frame, 0);
        Peer.CopyTo(frame, 6);
        frame[12] = (byte)(type >> 8);
        if (length > 13)
        {
            frame[13] = (byte)type;
        }

        for (int i = 14; i < length; i++)
        {
            frame[i] = (byte)i;
        }

        return frame;
    }

    public static byte[] WithFcs(byte[] frame)
    {
        byte[] full = [.. frame, 0, 0, 0, 0];
        EthernetCrc.Append(full);
        return full;
    }

    public void Deliver(byte[] frame)
    {
        Assert.True(Chip.Deliver(frame));
        SettleReceive();
    }

    public void SettleReceive()
    {
        while (Chip.IsReceiving)
        {
            Clock.Advance(10_000);
        }
    }

    /// <summary>Reads the next packet as a right driver does, without freeing it.</summary>
    public (int Next, uint Status, byte[] Frame) ReadPacket()
    {
        byte[] header = ReadMemory(NextPacket, 6);
        int next = header[0] | (header[1] << 8);
        uint status = BitConverter.ToUInt32(header, 2);
        return (next, status, ReadBuffer((int)(status & 0xFFFF)));
    }

    public static int FreePointer(int next) => next == 0 ? ReceiveEnd : next - 1;

    public void Free(int next)
    {
        NextPacket = next;
        WritePair(Reg.ERXRDPTL, FreePointer(next));
        Set(Reg.ECON2, Econ2.PKTDEC);
    }

    public byte[] Take()
    {
        (int next, _, byte[] frame) = ReadPacket();
        Free(next);
        return frame;
    }

    public void LoadFrame(byte[] frame, byte control = 0, int start = TransmitStart)
    {
        WritePair(Reg.ETXSTL, start);
        WriteMemory(start, [control, .. frame]);
        WritePair(Reg.ETXNDL, (start + frame.Length) & 0x1FFF);
    }

    public void Send(byte[] frame, byte control = 0, int start = TransmitStart)
    {
        LoadFrame(frame, control, start);
        Set(Reg.ECON1, Econ1.TXRTS);
        Clock.Advance(2_000_000);
    }

    public ulong TransmitStatus(int end)
    {
        Span<byte> bytes = stackalloc byte[8];
        for (int i = 0; i < 7; i++)
        {
            Chip.PeekMemory((end + 1 + i) & 0x1FFF, bytes.Slice(i, 1));
        }

        return BitConverter.ToUInt64(bytes);
    }

    public void AssertClean() => Assert.True(Chip.Violations.Count == 0 && Chip.Violations.WarningCount == 0, Chip.Violations.ToString());

    public void AssertViolated(ViolationRule rule) => Assert.True(Chip.Violations.CountOf(rule) > 0, $"no {rule}:{Environment.NewLine}{Chip.Violations}");
}
