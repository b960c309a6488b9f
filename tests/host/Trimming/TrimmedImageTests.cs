// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.EndToEnd;
using Mono.Cecil;
using Mono.Cecil.Cil;
using Trim;

namespace HostTests.Trimming;

/// <summary>The image without what the firmware cannot reach, and with short names, is whole, smaller, and does what it did.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class TrimmedImageTests : IDisposable
{
    private const string Program = "virtual-board";

    private static readonly string[] s_left = ["System.", "Microsoft.", "mscorlib", "netstandard", "ChipModel", "DeviceApi"];
    private readonly string _folder = Directory.CreateTempSubdirectory("trimmed").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_trimmed_board_serves_its_page(bool shortNames)
    {
        foreach (string file in Directory.GetFiles(AppContext.BaseDirectory))
        {
            File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)));
        }

        string program = Path.Combine(_folder, Program + ".dll");
        long before = SizeOf("TcpIp");
        TrimInto(_folder, program, [Program], shortNames);
        Assert.InRange(SizeOf("TcpIp"), 1, before * (shortNames ? 85 : 95) / 100);

        using var board = new BoardProcess([], program, ["--forward", "0", "--address", "static"]);
        string url = board.WaitUntilOpen();
        using var client = new HttpClient();
        string page = await client.GetStringAsync(url + "status");
        Assert.Equal(1, StatusPageText.Parse(page).PagesServed);
        Assert.Equal(0, board.Stop());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Nothing_that_is_left_refers_to_what_is_gone(bool shortNames)
    {
        TrimInto(_folder, Path.Combine(AppContext.BaseDirectory, "Firmware.dll"), [], shortNames);
        using Image image = Read(Path.Combine(_folder, "Firmware.dll"), []);
        string[] left = [.. image.Own.Select(module => module.Assembly.Name.Name)];
        Assert.All(["Firmware", "Iot.Device.Enc28j60", "TcpIp", "TcpIp.Dhcp"], name => Assert.Contains(name, left));
        foreach (MethodDefinition method in image.Own.SelectMany(module => module.GetTypes()).SelectMany(type => type.Methods).Where(method => method.HasBody))
        {
            foreach (Instruction instruction in method.Body.Instructions)
            {
                if (instruction.Operand is MemberReference member and not TypeSpecification && member.DeclaringType is not ArrayType)
                {
                    Assert.True(member.Resolve() != null, $"{method.FullName}: {instruction}");
                }
            }
        }
    }

    [Fact]
    public void What_the_firmware_cannot_reach_is_gone_and_what_others_call_by_its_name_stays()
    {
        TrimInto(_folder, Path.Combine(AppContext.BaseDirectory, "Firmware.dll"), [], false);
        using Image image = Read(Path.Combine(_folder, "Firmware.dll"), []);
        TypeDefinition[] types = [.. image.Own.SelectMany(module => module.GetTypes())];
        Assert.DoesNotContain(types, type => type.Name is "SelfTest" or "StackRunner");
        Assert.DoesNotContain(types.SelectMany(type => type.Methods), method => method.Name is "SendEcho" or "get_TimedOut");
        Assert.Contains(types.Single(type => type.Name == "StatusPage").Methods, method => method.Name == "Update");
        Assert.DoesNotContain(types.SelectMany(type => type.Fields), field => field.Name == "_unacceptable");
    }

    [Fact]
    public void A_program_that_looks_for_members_by_name_is_refused()
    {
        using Image image = Read(typeof(Sample.Reflecting).Assembly.Location, []);
        NotSupportedException refusal = Assert.Throws<NotSupportedException>(() => new Reachability(image, image.Program.GetType(typeof(Sample.Reflecting).FullName!.Replace('+', '/')).Methods));
        Assert.Contains("GetMethods", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_dispatched_is_reached_where_there_are_objects()
    {
        using Image image = Read(typeof(Sample).Assembly.Location, []);
        TypeDefinition sample = image.Program.GetType(typeof(Sample).FullName!.Replace('+', '/'));
        var reached = new Reachability(image, sample.Methods.Where(method => method.Name == nameof(Sample.Begin)));
        string[] names = [.. reached.Methods.Where(method => method.DeclaringType.DeclaringType == sample).Select(method => $"{method.DeclaringType.Name}.{method.Name}").Order()];
        Assert.Equal(["Base..ctor", "Base.Do", "Derived..ctor", "Derived.Do", "Derived.ToString", "IWork.Work", "Worker..ctor", "Worker.Work"], names);
    }

    private static Image Read(string program, string[] whole)
    {
        return new Image(program, [AppContext.BaseDirectory, Path.GetDirectoryName(typeof(object).Assembly.Location)!], whole, [.. s_left, "xunit", "FsCheck", "Mono", "VirtualBoard", Program]);
    }

    private static void TrimInto(string folder, string program, string[] whole, bool shortNames)
    {
        string[] references = [AppContext.BaseDirectory, Path.GetDirectoryName(typeof(object).Assembly.Location)!];
        using (var image = new Image(program, references, whole, s_left))
        {
            Trimmer.Trim(image);
            image.Write(folder);
        }

        if (shortNames)
        {
            using var image = new Image(Path.Combine(folder, Path.GetFileName(program)), references, whole, s_left);
            ShortNames.Apply(image);
            image.Write(folder);
        }
    }

    private long SizeOf(string assembly) => new FileInfo(Path.Combine(_folder, assembly + ".dll")).Length;

    private static class Sample
    {
        private interface IWork
        {
            void Work();
        }

        public static void Begin()
        {
            Base made = new Derived();
            made.Do();
            IWork worker = new Worker();
            worker.Work();
        }

        private class Base
        {
            public virtual void Do()
            {
            }
        }

        private sealed class Derived : Base
        {
            public override void Do()
            {
            }

            public override string ToString() => string.Empty;

            public void Never()
            {
            }
        }

        private sealed class NeverMade : Base
        {
            public override void Do()
            {
            }
        }

        private sealed class Worker : IWork
        {
            public void Work()
            {
            }
        }

        internal static class Reflecting
        {
            public static int Count() => typeof(Sample).GetMethods().Length;
        }
    }
}
