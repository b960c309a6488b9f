// Licensed under the MIT license. See LICENSE in the repository root.

using Mono.Cecil;
using Trim;

namespace Benchmarks;

/// <summary>
/// What the flashed image takes of the flash memory, as compiled and without what the firmware cannot reach. The sizes follow
/// <see cref="PeSize"/>.
/// </summary>
internal static class FlashReport
{
    private const int Listed = 15;

    private const string Program = "Firmware";

    /// <summary>A program without services.</summary>
    private const string Bare = "BareServer";

    private static readonly string s_folder = Path.GetDirectoryName(typeof(FlashReport).Assembly.Location)!;
    private static readonly string[] s_kept = ["System.", "mscorlib", "DeviceApi"];
    private static readonly string[] s_parts = ["TcpIp", "TcpIp.Http", "Iot.Device.Enc28j60", "Firmware"];

    /// <summary>Prints the sizes, and what it is that cannot be reached.</summary>
    internal static void Print()
    {
        using Image whole = Read(s_folder, Program);
        Dictionary<string, PeSize> compiled = Sizes(whole);
        var reached = new Reachability(whole);
        TypeDefinition[] types = [.. whole.Own.SelectMany(module => module.GetTypes())];
        var unreached = types.SelectMany(type => type.Methods).Where(method => !reached.Methods.Contains(method))
            .Select(method => (Name: $"{method.DeclaringType.Name}.{method.Name}", Size: PeSize.CodeOf(method) + PeSize.MethodRow))
            .OrderByDescending(method => method.Size).Take(Listed).ToArray();
        var islands = types.Where(type => !reached.Types.Contains(type)).Select(type => (type.FullName, Size: Size(type)))
            .OrderByDescending(type => type.Size).Take(Listed).ToArray();
        var largest = types.Select(type => (type.FullName, Size: Size(type))).OrderByDescending(type => type.Size).Take(Listed).ToArray();

        Dictionary<string, PeSize> trimmed = Trimmed(Program, out Dictionary<string, PeSize> named, out Dictionary<string, PeSize> cut);
        Console.WriteLine("Flash of the image in bytes: .pe files by the metadata processor's tables. Reached: without what Program.Main cannot reach.");
        Console.WriteLine("Trimmed: what nfproj-settings/Trim.targets leaves, short methods in place of their calls; and with short names.");
        Console.WriteLine();
        Console.WriteLine("| assembly | as compiled | reached | trimmed | trimmed, short names |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (string name in compiled.Keys.Order(StringComparer.Ordinal))
        {
            Console.WriteLine($"| {name} | {compiled[name].Total} | {cut[name].Total} | {trimmed[name].Total} | {named[name].Total} |");
        }

        PrintBare();
        Console.WriteLine();
        foreach ((string what, Dictionary<string, PeSize> sizes) in new[] { ("as compiled", compiled), ("trimmed, short names", named) })
        {
            foreach ((string name, PeSize size) in sizes.OrderBy(each => each.Key, StringComparer.Ordinal))
            {
                Console.WriteLine($"{name}, {what}: code {size.Code}, strings {size.Strings}, methods {size.Methods}, fields {size.Fields}, types {size.Types}, signatures {size.Signatures}, references {size.References}");
            }
        }

        foreach ((string name, PeSize size) in compiled.Where(each => each.Value.Code > PeSize.MostCode))
        {
            Console.WriteLine();
            Console.WriteLine($"{name} cannot be made: it has {size.Code} bytes of code, and an assembly can have {PeSize.MostCode}.");
        }

        PrintList("Methods that cannot be reached", unreached);
        PrintList("Types that cannot be reached", islands);
        PrintList("Largest types", largest);
        Console.WriteLine();
        Console.WriteLine($"flash,all,{s_parts.Sum(name => compiled[name].Total)}");
        Console.WriteLine($"flash,reached,{s_parts.Sum(name => cut[name].Total)}");
        Console.WriteLine($"flash,trimmed,{s_parts.Sum(name => trimmed[name].Total)}");
        Console.WriteLine($"flash,trimmed-short-names,{s_parts.Sum(name => named[name].Total)}");
    }

    /// <summary>The same of a program without services, as a whole.</summary>
    private static void PrintBare()
    {
        using Image whole = Read(s_folder, Bare);
        Dictionary<string, PeSize> trimmed = Trimmed(Bare, out Dictionary<string, PeSize> named, out Dictionary<string, PeSize> cut);
        Console.WriteLine($"| {Bare} and all that it needs | {Total(Sizes(whole))} | {Total(cut)} | {Total(trimmed)} | {Total(named)} |");
    }

    private static int Total(Dictionary<string, PeSize> sizes) => sizes.Values.Sum(size => size.Total);

    /// <summary>Writes the firmware and its libraries as the trimmer changes what they do: short methods in place of their calls.</summary>
    /// <param name="folder">Where to.</param>
    public static void WriteInlined(string folder)
    {
        using Image image = Read(s_folder, Program);
        NeverMade.Fold(image);
        ShortMethods.Inline(image);
        SingleCalls.Inline(image, new Reachability(image));
        Tidying.Tidy(new Reachability(image));
        image.Write(folder);
    }

    private static Dictionary<string, PeSize> Trimmed(string program, out Dictionary<string, PeSize> named, out Dictionary<string, PeSize> cut)
    {
        using (Image image = Read(s_folder, program))
        {
            Trimmer.Remove(image, new Reachability(image));
            cut = Sizes(image, reload: true);
        }

        using Image trimmed = Read(s_folder, program);
        Trimmer.Trim(trimmed);
        string folder = Directory.CreateTempSubdirectory("flash").FullName;
        try
        {
            trimmed.Write(folder);
            Dictionary<string, PeSize> sizes;
            using (Image image = Read(folder, program))
            {
                sizes = Sizes(image);
                ShortNames.Apply(image);
                named = Sizes(image, reload: true);
            }

            return sizes;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Image Read(string folder, string program) => new(Path.Combine(folder, program + ".dll"), [s_folder, Path.GetDirectoryName(typeof(object).Assembly.Location)!], [], s_kept);

    /// <summary>Sizes all assemblies; after changes they are written and read again, so that they name only what they still refer to.</summary>
    private static Dictionary<string, PeSize> Sizes(Image image, bool reload = false)
    {
        if (!reload)
        {
            return image.Own.ToDictionary(module => module.Assembly.Name.Name, PeSize.Of);
        }

        string folder = Directory.CreateTempSubdirectory("flash").FullName;
        try
        {
            image.Write(folder);
            using Image again = Read(folder, image.Program.Assembly.Name.Name);
            return Sizes(again);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static int Size(TypeDefinition type) => type.Methods.Sum(method => PeSize.CodeOf(method) + PeSize.MethodRow) + PeSize.TypeRow;

    private static void PrintList(string title, (string Name, int Size)[] rows)
    {
        Console.WriteLine();
        Console.WriteLine(title + ", bytes without names:");
        foreach ((string name, int size) in rows)
        {
            Console.WriteLine($"{size,10}  {name}");
        }
    }
}
