// Licensed under the MIT license. See LICENSE in the repository root.

using System.Reflection;
using System.Runtime.CompilerServices;

namespace HostTests.Memory;

/// <summary>
/// Counts the heap blocks that an object and all it refers to would take on nanoCLR (32-bit): an object takes one and one more
/// per instance field; an array takes 20 bytes and its elements, rounded up to whole blocks, references counting as a block each.
/// </summary>
internal sealed class HeapEstimate
{
    private const int BlockBytes = 12;
    private const int ArrayHeader = 20;

    private readonly HashSet<object> _seen = new(ReferenceEqualityComparer.Instance);
    private readonly Func<object, bool> _isForeign;

    /// <param name="isForeign">Objects that are not the measured one's own: they are not counted.</param>
    public HeapEstimate(Func<object, bool> isForeign) => _isForeign = isForeign;

    public int Bytes(object root) => Blocks(root) * BlockBytes;

    private int Blocks(object? value)
    {
        if (value is null || _isForeign(value) || !_seen.Add(value))
        {
            return 0;
        }

        if (value is Array array)
        {
            return ArrayBlocks(array);
        }

        int blocks = 1;
        for (Type? type = value.GetType(); type != typeof(object) && type is not null; type = type.BaseType)
        {
            foreach (FieldInfo field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                blocks++;
                if (!field.FieldType.IsValueType)
                {
                    blocks += Blocks(field.GetValue(value));
                }
            }
        }

        return blocks;
    }

    private int ArrayBlocks(Array array)
    {
        Type element = array.GetType().GetElementType()!;
        if (element.IsValueType)
        {
            int size = element.IsEnum ? sizeof(int) : (int)typeof(HeapEstimate).GetMethod(nameof(SizeOf), BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(element).Invoke(null, null)!;
            return (ArrayHeader + (array.Length * size) + BlockBytes - 1) / BlockBytes;
        }

        int blocks = (ArrayHeader + (array.Length * BlockBytes) + BlockBytes - 1) / BlockBytes;
        foreach (object? item in array)
        {
            blocks += Blocks(item);
        }

        return blocks;
    }

    private static int SizeOf<T>() => Unsafe.SizeOf<T>();
}
