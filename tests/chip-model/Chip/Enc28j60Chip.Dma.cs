// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <content>DMA copy and checksum (DS39662E chapter 13, erratum 17).</content>
public sealed partial class Enc28j60Chip
{
    private const long CopyByteNs = 80;
    private const long ChecksumByteNs = 40;

    private long _dmaDue = Never;
    private bool _dmaRunning;
    private bool _dmaWaiting;
    private bool _dmaChecksum;

    private void StartDma()
    {
        _reg[Reg.ECON1] |= Econ1.DMAST;
        if ((_reg[Reg.EBSTCON] & Ebstcon.TME) != 0)
        {
            Violate(ViolationRule.Bist, "DMA started while EBSTCON.TME is set");
        }

        if ((_reg[Reg.ECON1] & Econ1.CSUMEN) != 0 && ReceiveEnabled && Options.Errata[17] > 0)
        {
            Violate(ViolationRule.Dma, "DMA checksum while RXEN is set (erratum 17)");
        }

        if (_txState == TransmitState.Sending)
        {
            _dmaWaiting = true;
            return;
        }

        RunDma();
    }

    private void DmaMayStart()
    {
        if (_dmaWaiting)
        {
            _dmaWaiting = false;
            RunDma();
        }
    }

    private void RunDma()
    {
        _dmaRunning = true;
        _dmaChecksum = (_reg[Reg.ECON1] & Econ1.CSUMEN) != 0;
        int length = DmaLength();
        if (length < 2)
        {
            Violate(ViolationRule.Dma, length == 0 ? "EDMAND is never reached: the DMA does not end" : "DMA of one byte: it does not end");
            _dmaDue = Never;
            if (!_dmaChecksum)
            {
                CopyMemory(MemorySize);
            }
        }
        else
        {
            _dmaDue = _clock.NowNs + (length * (_dmaChecksum ? ChecksumByteNs : CopyByteNs));
        }

        if (_dmaChecksum && _rxActive && ErratumStrikes(17))
        {
            AbortReception("a DMA checksum aborted a reception (erratum 17)");
        }
    }

    /// <summary>Bytes from EDMAST to EDMAND, both included; 0 if the source pointer never gets there.</summary>
    private int DmaLength()
    {
        int address = Pair(Reg.EDMASTL);
        int end = Pair(Reg.EDMANDL);
        for (int length = 1; length <= 2 * MemorySize; length++)
        {
            if (address == end)
            {
                return length;
            }

            address = NextDmaSource(address);
        }

        return 0;
    }

    private int NextDmaSource(int address) => address == Pair(Reg.ERXNDL) ? Pair(Reg.ERXSTL) : (address + 1) & PointerMask;

    private void CopyMemory(int length)
    {
        int source = Pair(Reg.EDMASTL);
        int target = Pair(Reg.EDMADSTL);
        for (int i = 0; i < length; i++)
        {
            WriteMemory(target, ReadMemory(source));
            source = NextDmaSource(source);
            target = (target + 1) & PointerMask;
        }
    }

    private ushort MemoryChecksum(int length)
    {
        int source = Pair(Reg.EDMASTL);
        uint sum = 0;
        for (int i = 0; i < length; i++)
        {
            sum += (i & 1) == 0 ? (uint)ReadMemory(source) << 8 : ReadMemory(source);
            sum = Fold(sum);
            source = NextDmaSource(source);
        }

        return (ushort)~sum;
    }

    private void DmaDone()
    {
        int length = DmaLength();
        if (_dmaChecksum)
        {
            SetPair(Reg.EDMACSL, MemoryChecksum(length));
        }
        else
        {
            FlushReceived();
            CopyMemory(length);
        }

        EndDma();
    }

    private void CancelDma() => EndDma();

    private void EndDma()
    {
        StopDma();
        _reg[Reg.ECON1] &= unchecked((byte)~Econ1.DMAST);
        _reg[Reg.EIR] |= Eir.DMAIF;
        PlanTransmit();
    }

    private void StopDma()
    {
        _dmaRunning = false;
        _dmaWaiting = false;
        _dmaChecksum = false;
        _dmaDue = Never;
    }

    private void CheckDmaIdle()
    {
        if ((_reg[Reg.ECON1] & Econ1.DMAST) != 0)
        {
            Violate(ViolationRule.Dma, "DMA register written while DMAST is set");
        }
    }
}
