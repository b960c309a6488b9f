// Licensed under the MIT license. See LICENSE in the repository root.

using VirtualBoard.Enc28j60;

namespace HostTests.Driver;

/// <summary>The next so many reads of one register come over a wire that flips bits. The tap serves nothing else meanwhile.</summary>
internal sealed class Misreads
{
    public Misreads(DriverBench bench, int register, int times, byte flipped)
    {
        Left = times;
        int address = register & 0x1F;

        // a register of MAC or MII sends an undefined byte first
        int bank = register >> 5;
        bool isMac = bank == 2 || register is (>= Reg.MAADR5 and <= Reg.MAADR2) or Reg.MISTAT;
        bench.Tap.Answer = (first, index, answer) =>
        {
            if (Left == 0 || first != address || index != (isMac ? 2 : 1) || (address < 0x1B && (bench.Chip.PeekRegister(Reg.ECON1) & 3) != bank))
            {
                return answer;
            }

            Left--;
            return (byte)(answer ^ flipped);
        };
    }

    /// <summary>Gets how many are still to come.</summary>
    public int Left { get; private set; }
}
