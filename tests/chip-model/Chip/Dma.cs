// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>DMA copy and checksum (DS39662E chapter 13, erratum 17).</summary>
internal sealed class Dma(ChipBlocks chip) : Block(chip)
{
    private const long CopyByteNs = 80;
    private const long ChecksumByteNs = 40;

    private bool _isWaiting;

    internal long Due { get; private set; } = Never;

    internal bool IsRunning { get; private set; }

    internal bool IsChecksum { get; private set; }

    internal void Start()
    {
        Registers[Reg.ECON1] |= Econ1.DMAST;
        if ((Registers[Reg.EBSTCON] & Ebstcon.TME) != 0)
        {
            Violate(ViolationRule.Bist, "DMA started while EBSTCON.TME is set");
        }

        if ((Registers[Reg.ECON1] & Econ1.CSUMEN) != 0 && Registers.ReceiveEnabled && Options.Errata[17] > 0)
        {
            Violate(ViolationRule.Dma, "DMA checksum while RXEN is set (erratum 17)");
        }

        if (Chip.Transmit.State == TransmitState.Sending)
        {
            _isWaiting = true;
            return;
        }

        Run();
    }

    internal void StartWaiting()
    {
        if (_isWaiting)
        {
            _isWaiting = false;
            Run();
        }
    }

    private void Run()
    {
        IsRunning = true;
        IsChecksum = (Registers[Reg.ECON1] & Econ1.CSUMEN) != 0;
        int length = Length();
        if (length < 2)
        {
            Violate(ViolationRule.Dma, length == 0 ? "EDMAND is never reached: the DMA does not end" : "DMA of one byte: it does not end");
            Due = Never;
            if (!IsChecksum)
            {
                CopyMemory(Enc28j60Chip.MemorySize);
            }
        }
        else
        {
            Due = Clock.NowNs + (length * (IsChecksum ? ChecksumByteNs : CopyByteNs));
        }

        if (IsChecksum && Chip.Receive.IsActive && Strikes(17))
        {
            Chip.Receive.Abort("a DMA checksum aborted a reception (erratum 17)");
        }
    }

    /// <summary>Bytes from EDMAST to EDMAND, both included; 0 if the source pointer never gets there.</summary>
    private int Length()
    {
        int address = Registers.Pair(Reg.EDMASTL);
        int end = Registers.Pair(Reg.EDMANDL);
        for (int length = 1; length <= 2 * Enc28j60Chip.MemorySize; length++)
        {
            if (address == end)
            {
                return length;
            }

            address = NextSource(address);
        }

        return 0;
    }

    private int NextSource(int address) => address == Registers.Pair(Reg.ERXNDL) ? Registers.Pair(Reg.ERXSTL) : (address + 1) & PointerMask;

    private void CopyMemory(int length)
    {
        int source = Registers.Pair(Reg.EDMASTL);
        int target = Registers.Pair(Reg.EDMADSTL);
        for (int i = 0; i < length; i++)
        {
            Chip.Memory.Write(target, Chip.Memory.Read(source));
            source = NextSource(source);
            target = (target + 1) & PointerMask;
        }
    }

    private ushort MemoryChecksum(int length)
    {
        int source = Registers.Pair(Reg.EDMASTL);
        uint sum = 0;
        for (int i = 0; i < length; i++)
        {
            sum += (i & 1) == 0 ? (uint)Chip.Memory.Read(source) << 8 : Chip.Memory.Read(source);
            sum = OnesComplement.Fold(sum);
            source = NextSource(source);
        }

        return (ushort)~sum;
    }

    internal void Finish()
    {
        int length = Length();
        if (IsChecksum)
        {
            Registers.SetPair(Reg.EDMACSL, MemoryChecksum(length));
        }
        else
        {
            Chip.Receive.Flush();
            CopyMemory(length);
        }

        End();
    }

    internal void Cancel() => End();

    private void End()
    {
        Stop();
        Registers[Reg.ECON1] &= unchecked((byte)~Econ1.DMAST);
        Registers[Reg.EIR] |= Eir.DMAIF;
        Chip.Transmit.Plan();
    }

    internal void Stop()
    {
        IsRunning = false;
        _isWaiting = false;
        IsChecksum = false;
        Due = Never;
    }

    internal void CheckIdle()
    {
        if ((Registers[Reg.ECON1] & Econ1.DMAST) != 0)
        {
            Violate(ViolationRule.Dma, "DMA register written while DMAST is set");
        }
    }
}
