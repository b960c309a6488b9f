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
    private readonly Dictionary<string, int> _blocks = [];
    private readonly Func<object, bool> _isForeign;

    /// <param name="isForeign">Objects that are not the measured one's own: they are not counted.</param>
    public HeapEstimate(Func<object, bool> isForeign) => _isForeign = isForeign;

    public int Bytes(object root) => BytesByPart(root, _ => null).Values.Sum();

    /// <summary>What each part takes of it.</summary>
    /// <param name="root">Where to begin.</param>
    /// <param name="part">Tells what an object of a type is part of; null for what is part of whatever refers to it first: arrays, strings.</param>
    /// <returns>Bytes of each part.</returns>
    public Dictionary<string, int> BytesByPart(object root, Func<Type, string?> part)
    {
        Count(root, "", part);
        return _blocks.ToDictionary(each => each.Key, each => each.Value * BlockBytes);
    }

    private void Count(object? value, string within, Func<Type, string?> partOf)
    {
        if (value is null || _isForeign(value) || !_seen.Add(value))
        {
            return;
        }

        string part = partOf(value.GetType()) ?? within;
        int blocks = 1;
        if (value is Array array)
        {
            blocks = BlocksOf(array);
            if (!array.GetType().GetElementType()!.IsValueType)
            {
                foreach (object? item in array)
                {
                    Count(item, part, partOf);
                }
            }
        }
        else
        {
            for (Type? type = value.GetType(); type != typeof(object) && type is not null; type = type.BaseType)
            {
                foreach (FieldInfo field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                {
                    blocks++;
                    if (!field.FieldType.IsValueType)
                    {
                        Count(field.GetValue(value), part, partOf);
                    }
                }
            }
        }

        _blocks[part] = _blocks.GetValueOrDefault(part) + blocks;
    }

    private static int BlocksOf(Array array)
    {
        Type element = array.GetType().GetElementType()!;
        if (element.IsValueType)
        {
            int size = element.IsEnum ? sizeof(int) : (int)typeof(HeapEstimate).GetMethod(nameof(SizeOf), BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(element).Invoke(null, null)!;
            return (ArrayHeader + (array.Length * size) + BlockBytes - 1) / BlockBytes;
        }

        return (ArrayHeader + (array.Length * BlockBytes) + BlockBytes - 1) / BlockBytes;
    }

    private static int SizeOf<T>() => Unsafe.SizeOf<T>();
}
