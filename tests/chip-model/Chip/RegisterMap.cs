// Licensed under the MIT license. See LICENSE in the repository root.

using System.Reflection;

namespace VirtualBoard.Enc28j60;

/// <summary>The map of the control registers: kinds, writable bits, reset values (DS39662E tables 3-1 and 3-2).</summary>
public static class RegisterMap
{
    /// <summary>First address that is the same in every bank.</summary>
    public const int FirstCommonAddress = 0x1B;

    /// <summary>The address that must not be used in any bank.</summary>
    public const int ForbiddenAddress = 0x1A;

    private static readonly RegisterKind[] Kinds = new RegisterKind[128];
    private static readonly byte[] Writable = new byte[128];
    private static readonly byte[] Reserved = new byte[128];
    private static readonly byte[] ResetValues = new byte[128];
    private static readonly string[] Names = new string[128];

    static RegisterMap()
    {
        Array.Fill(Names, "unimplemented");
        foreach (FieldInfo field in typeof(Reg).GetFields(BindingFlags.Public | BindingFlags.Static))
        {
            int register = (int)field.GetRawConstantValue()!;
            Names[register] = field.Name;
        }

        for (int i = 0; i < 8; i++)
        {
            Names[Reg.EHT0 + i] = $"EHT{i}";
            Names[Reg.EPMM0 + i] = $"EPMM{i}";
            Eth(Reg.EHT0 + i, 0xFF);
            Eth(Reg.EPMM0 + i, 0xFF);
        }

        Pointer(Reg.ERDPTL, 0x05FA);
        Pointer(Reg.EWRPTL, 0);
        Pointer(Reg.ETXSTL, 0);
        Pointer(Reg.ETXNDL, 0);
        Pointer(Reg.ERXSTL, 0x05FA);
        Pointer(Reg.ERXNDL, 0x1FFF);
        Pointer(Reg.ERXRDPTL, 0x05FA);
        Eth(Reg.ERXWRPTL, 0);
        Eth(Reg.ERXWRPTH, 0);
        Pointer(Reg.EDMASTL, 0);
        Pointer(Reg.EDMANDL, 0);
        Pointer(Reg.EDMADSTL, 0);
        Eth(Reg.EDMACSL, 0xFF);
        Eth(Reg.EDMACSH, 0xFF);

        Eth(Reg.EPMCSL, 0xFF);
        Eth(Reg.EPMCSH, 0xFF);
        Pointer(Reg.EPMOL, 0);
        ReservedAt(0x20 | 0x16, "EWOLIE");
        ReservedAt(0x20 | 0x17, "EWOLIR");
        Eth(Reg.ERXFCON, 0xFF, 0xA1);
        Eth(Reg.EPKTCNT, 0);

        Mac(Reg.MACON1, 0x0F, 0, 0x10);
        ReservedAt(0x40 | 0x01, "MACON2");
        Mac(Reg.MACON3, 0xFF);
        Mac(Reg.MACON4, 0x70);
        Mac(Reg.MABBIPG, 0x7F);
        Mac(Reg.MAIPGL, 0x7F);
        Mac(Reg.MAIPGH, 0x7F);
        Mac(Reg.MACLCON1, 0x0F, 0x0F);
        Mac(Reg.MACLCON2, 0x3F, 0x37);
        Mac(Reg.MAMXFLL, 0xFF);
        Mac(Reg.MAMXFLH, 0xFF, 0x06);
        foreach (int address in (ReadOnlySpan<int>)[0x0C, 0x0D, 0x0E, 0x10, 0x11, 0x15])
        {
            ReservedAt(0x40 | address, "reserved");
        }

        Mii(Reg.MICMD, 0x03);
        Mii(Reg.MIREGADR, 0x1F);
        Mii(Reg.MIWRL, 0xFF);
        Mii(Reg.MIWRH, 0xFF);
        Mii(Reg.MIRDL, 0);
        Mii(Reg.MIRDH, 0);

        for (int i = 0; i < 6; i++)
        {
            Mac(Reg.MAADR5 + i, 0xFF);
        }

        Eth(Reg.EBSTSD, 0xFF);
        Eth(Reg.EBSTCON, 0xFF);
        Eth(Reg.EBSTCSL, 0xFF);
        Eth(Reg.EBSTCSH, 0xFF);
        Mii(Reg.MISTAT, 0);
        Eth(Reg.EREVID, 0);
        Eth(Reg.ECOCON, 0x07);
        ReservedAt(0x60 | 0x16, "reserved");
        Eth(Reg.EFLOCON, 0x03);
        Eth(Reg.EPAUSL, 0xFF);
        Eth(Reg.EPAUSH, 0xFF);

        Eth(Reg.EIE, 0xFB, 0, 0x04);
        Eth(Reg.EIR, 0x2B, 0, 0x04);
        Eth(Reg.ESTAT, 0x52);
        Eth(Reg.ECON2, 0xA8, 0x80, 0x10);
        Eth(Reg.ECON1, 0xFF);

        for (int bank = 0; bank < 4; bank++)
        {
            ReservedAt((bank << 5) | ForbiddenAddress, "reserved");
        }
    }

    /// <summary>Kind of a register.</summary>
    public static RegisterKind KindOf(int register) => Kinds[register];

    /// <summary>True if a read of this register sends a dummy byte first.</summary>
    public static bool HasDummyByte(int register) => Kinds[register] is RegisterKind.Mac or RegisterKind.Mii ||
        (register >> 5 == 2 && Kinds[register] != RegisterKind.Eth);

    /// <summary>Bits that the host can write.</summary>
    public static byte WritableBits(int register) => Writable[register];

    /// <summary>Bits that must be written as zero.</summary>
    public static byte ReservedBits(int register) => Reserved[register];

    /// <summary>Value after a reset.</summary>
    public static byte ResetValue(int register) => ResetValues[register];

    /// <summary>The register that an address means in a bank.</summary>
    public static int Resolve(int bank, int address) => address >= FirstCommonAddress ? address : (bank << 5) | address;

    /// <summary>Name of what is at an address.</summary>
    public static string NameOf(int bank, int address) => Names[Resolve(bank, address)];

    private static void Eth(int register, byte writable, byte reset = 0, byte reserved = 0) => Define(RegisterKind.Eth, register, writable, reset, reserved);

    private static void Mac(int register, byte writable, byte reset = 0, byte reserved = 0) => Define(RegisterKind.Mac, register, writable, reset, reserved);

    private static void Mii(int register, byte writable) => Define(RegisterKind.Mii, register, writable, 0, 0);

    private static void Pointer(int low, int reset)
    {
        Eth(low, 0xFF, (byte)reset);
        Eth(low + 1, 0x1F, (byte)(reset >> 8));
    }

    private static void ReservedAt(int register, string name)
    {
        Define(RegisterKind.Reserved, register, 0, 0, 0);
        Names[register] = name;
    }

    private static void Define(RegisterKind kind, int register, byte writable, byte reset, byte reserved)
    {
        Kinds[register] = kind;
        Writable[register] = writable;
        ResetValues[register] = reset;
        Reserved[register] = reserved;
    }
}
