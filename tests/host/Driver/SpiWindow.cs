// Licensed under the MIT license. See LICENSE in the repository root.

using VirtualBoard.Enc28j60;

namespace HostTests.Driver;

/// <summary>One SPI instruction that the driver gave.</summary>
/// <param name="Opcode">The first three bits: 0 RCR, 1 RBM, 2 WCR, 3 WBM, 4 BFS, 5 BFC, 7 SRC.</param>
/// <param name="Address">The other five bits.</param>
/// <param name="Bank">The bank that was selected in the chip.</param>
/// <param name="Data">The second byte, or -1.</param>
/// <param name="Length">Bytes in all.</param>
internal readonly record struct SpiWindow(int Opcode, int Address, int Bank, int Data, int Length)
{
    public const int Read = 0;
    public const int ReadBuffer = 1;
    public const int Write = 2;
    public const int WriteBuffer = 3;
    public const int Set = 4;
    public const int Clear = 5;
    public const int Reset = 7;

    /// <summary>Gets the register, for RCR, WCR, BFS and BFC.</summary>
    public int Register => RegisterMap.Resolve(Bank, Address);

    public bool IsRegister => Opcode is Read or Write or Set or Clear;

    public bool IsWriteOf(int register) => Opcode is Write or Set or Clear && Register == register;
}
