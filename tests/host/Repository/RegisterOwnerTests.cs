// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text.RegularExpressions;
using Mono.Cecil;
using Mono.Cecil.Cil;
using Xunit;

namespace HostTests.Repository;

/// <summary>
/// Each register of the ENC28J60, and each bit of those that several blocks share, is written by one class of the driver: that which the table in its README names.
/// The sources are read, so a write has to name its register; only a class that writes from a table of its own may do without.
/// </summary>
public sealed partial class RegisterOwnerTests
{
    private const string Folder = "drivers/enc28j60";

    [Fact]
    public void Every_write_is_its_owners()
    {
        Assert.Equal([], Strangers(Sources(), Owners()));
    }

    [Fact]
    public void Every_owner_writes_what_is_its_own()
    {
        HashSet<(string, string)> writes = [.. Sources().SelectMany(source => Writes(source.Key, source.Value))];
        Assert.All(Owners(), owner => Assert.Contains(writes, w => w.Item1 == owner.Value && (w.Item2 == owner.Key || RegisterOf(w.Item2) == owner.Key)));
    }

    [Theory]
    [InlineData("FilterControl", "_port.ClearBits(EthRegister.ECON1, RegisterBits.ECON1_RXEN);", "FilterControl writes ECON1.RXEN")]
    [InlineData("Receiver", "_port.SetBits(EthRegister.ECON1, RegisterBits.ECON1_RXRST | RegisterBits.ECON1_TXRST);", "Receiver writes ECON1.RXRST, Receiver writes ECON1.TXRST")]
    [InlineData("Transmitter", "_chip.Port.WritePair(\n EthRegister.EWRPTL,\n Start(1, 2));", "Transmitter writes EWRPT")]
    [InlineData("Transmitter", "_port.Write(EthRegister.ERXRDPTH, 0);", "Transmitter writes ERXRDPT")]
    [InlineData("PowerControl", "_port.ClearBits(EthRegister.ECON2, mask);", "PowerControl writes ECON2.?")]
    [InlineData("SelfTest", "port.Write(MacRegister.MACON3, 1);", "SelfTest writes MACON3")]
    [InlineData("Operation", "_port.Write(register, 1);", "Operation writes ?")]
    [InlineData("LinkMonitor", "_phy.Write(PhyRegister.PHCON1, 0);", "LinkMonitor writes PHCON1")]
    [InlineData("Startup", "port.WriteTwin(0x40);", "Startup writes twins")]
    [InlineData("Operation", "_port.MakeSetBits(EthRegister.ECON1, RegisterBits.ECON1_TXRTS);", "Operation writes ECON1.TXRTS")]
    [InlineData("BufferMemory", "_port.Write(EthRegister.ERDPTL, 0);", "")]
    [InlineData("Operation", "// _port.Write(EthRegister.EIE, 0); /// \"port.Write(EthRegister.EIE, 0)\"", "")]
    public void A_stranger_is_found(string type, string planted, string found)
    {
        Dictionary<string, string> sources = Sources();
        sources[type] += planted;
        Assert.Equal(found, string.Join(", ", Strangers(sources, Owners())));
    }

    [Fact]
    public void No_class_writes_a_field_of_another()
    {
        using ModuleDefinition module = ModuleDefinition.ReadModule(typeof(Iot.Device.Enc28j60.Enc28j60).Assembly.Location);
        IEnumerable<string> found = module.GetTypes()
            .SelectMany(type => type.Methods.Where(method => method.HasBody))
            .SelectMany(method => method.Body.Instructions
                .Where(i => i.OpCode.Code is Code.Stfld or Code.Stsfld)
                .Select(i => (FieldReference)i.Operand)
                .Where(field => field.DeclaringType.FullName != method.DeclaringType.FullName
                    && field.DeclaringType.DeclaringType?.FullName != method.DeclaringType.FullName && field.DeclaringType.Name != "Enc28j60Counters")
                .Select(field => $"{method.FullName} writes {field.FullName}"));
        Assert.Equal([], found);
    }

    private static Dictionary<string, string> Sources() =>
        RepositoryFiles.Sources(Folder).Where(f => Path.GetFileName(f) != "AssemblyInfo.cs").ToDictionary(f => Path.GetFileNameWithoutExtension(f), File.ReadAllText);

    /// <summary>What the README's table says: register, or register and bit, and its one owner.</summary>
    private static Dictionary<string, string> Owners()
    {
        string readme = File.ReadAllText(RepositoryFiles.FullPath(Folder + "/README.md"));
        string table = readme[readme.IndexOf("| Owner |", StringComparison.Ordinal)..];
        var owners = new Dictionary<string, string>();
        foreach (Match row in Row().Matches(table[..table.IndexOf("\n\n", StringComparison.Ordinal)]))
        {
            foreach (Match name in Name().Matches(Brackets().Replace(row.Groups[2].Value, string.Empty)))
            {
                Assert.True(owners.TryAdd(name.Value, row.Groups[1].Value), name.Value + " has two owners");
            }
        }

        Assert.InRange(owners.Count, 50, 100);
        return owners;
    }

    private static List<string> Strangers(Dictionary<string, string> sources, Dictionary<string, string> owners)
    {
        return
        [
            .. sources.SelectMany(source => Writes(source.Key, source.Value))
                .Where(write => write.What == "twins"
                    ? write.Type != "WordOrderProbe"
                    : owners.GetValueOrDefault(write.What) != write.Type && owners.GetValueOrDefault(RegisterOf(write.What)) != write.Type)
                .Select(write => $"{write.Type} writes {write.What}")
                .Distinct(),
        ];
    }

    private static IEnumerable<(string Type, string What)> Writes(string type, string source)
    {
        string code = NoCode().Replace(source, string.Empty);
        foreach (Match call in Call().Matches(code))
        {
            string method = call.Groups[1].Value;
            string arguments = call.Groups[2].Value;
            if (method == "WriteTwin")
            {
                yield return (type, "twins");
                continue;
            }

            Match register = Register().Match(arguments);
            if (!register.Success)
            {
                // out of a table of the class's own: all that it names
                string[] named = type == "Mac" ? [.. MacTable().Matches(code).Select(m => m.Groups[1].Value)] : ["?"];
                foreach (string name in named)
                {
                    yield return (type, WithoutHalf(name));
                }
            }
            else if (method is "Write" or "WritePair")
            {
                yield return (type, WithoutHalf(register.Groups[1].Value));
            }
            else
            {
                // bits that have no name are the bank's, which SpiPort works out
                string[] bits = [.. Bit().Matches(arguments).Select(m => m.Groups[2].Value)];
                foreach (string bit in bits.Length > 0 ? bits : [type == "SpiPort" ? "BSEL" : "?"])
                {
                    yield return (type, register.Groups[1].Value + "." + bit);
                }
            }
        }
    }

    private static string RegisterOf(string what) => what.Split('.')[0];

    /// <summary>A pair of registers is one: the halves' names end in L and H.</summary>
    private static string WithoutHalf(string register) => Pair().Replace(register, "$1");

    // a call on a port or the PHY, its arguments up to the bracket that closes it
    [GeneratedRegex(@"(?<=[pP]ort\.|[pP]hy\.|(?<![\w.])(?=(?:Write|SetBits|ClearBits)\((?:Eth|Mac|Phy)Register\.))\b(?:Make)?(WriteTwin|WritePair|Write|SetBits|ClearBits)\(((?>[^()]+|(?<open>\()|(?<-open>\)))*)(?(open)(?!))\)")]
    private static partial Regex Call();

    [GeneratedRegex(@"(?:Eth|Mac|Phy)Register\.(\w+)")]
    private static partial Regex Register();

    [GeneratedRegex(@"\(byte\)MacRegister\.(\w+)")]
    private static partial Regex MacTable();

    [GeneratedRegex(@"RegisterBits\.(\w+?)_(\w+)")]
    private static partial Regex Bit();

    [GeneratedRegex(@"^(E(?:RDPT|WRPT|TXST|TXND|RXST|RXND|RXRDPT|DMAST|DMAND|DMADST|PMCS|PMO)|MIWR|MAIPG|MAMXFL)[LH]$")]
    private static partial Regex Pair();

    [GeneratedRegex(@"^\| `(\w+)` \| (.*) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"[A-Z][A-Z0-9]+(?:\.[A-Z]+)?")]
    private static partial Regex Name();

    [GeneratedRegex(@"\([^)]*\)")]
    private static partial Regex Brackets();

    [GeneratedRegex(@"//[^\n]*|""(?:[^""\\]|\\.)*""")]
    private static partial Regex NoCode();
}
