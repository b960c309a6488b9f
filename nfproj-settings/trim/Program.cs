// Licensed under the MIT license. See LICENSE in the repository root.

using Mono.Cecil;
using Trim;

// Takes out of a program and its libraries what the program cannot reach. Run by Trim.targets between compiler and metadata processor.
string[] kept = ["mscorlib", "nanoFramework.", "System.", "Windows."];
string? program = null;
string? output = null;
bool shortNames = false;
List<string> references = [];
List<string> whole = [];
for (int i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--short-names":
            shortNames = true;
            break;
        case "--reference" when i + 1 < args.Length:
            references.Add(args[++i]);
            break;
        case "--whole" when i + 1 < args.Length:
            whole.Add(args[++i]);
            break;
        case "--output" when i + 1 < args.Length:
            output = args[++i];
            break;
        default:
            program = args[i];
            break;
    }
}

if (program is null || output is null)
{
    Console.Error.WriteLine("trim PROGRAM.exe --output FOLDER [--reference FOLDER]... [--whole ASSEMBLY]... [--short-names]");
    return 2;
}

Directory.CreateDirectory(output);
using (var image = new Image(program, references, whole, kept))
{
    int types = image.Own.Sum(module => module.GetTypes().Count());
    int methods = image.Own.Sum(module => module.GetTypes().Sum(type => type.Methods.Count));
    Reachability reached = Trimmer.Trim(image);
    image.Write(output);
    Console.WriteLine($"{reached.Types.Count} of {types} types, {reached.Methods.Count} of {methods} methods are left.");
}

if (shortNames)
{
    // read again: references that were made above are found then like all others
    using var image = new Image(Path.Combine(output, Path.GetFileName(program)), references, whole, kept);
    ShortNames.Apply(image);
    image.Write(output);
}

return 0;
