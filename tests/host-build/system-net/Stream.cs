// Licensed under the MIT license. See LICENSE in the repository root.

namespace System.IO
{
    /// <summary>
    /// A stream as nanoFramework has it, which is not quite .NET's: it reads into a <see cref="SpanByte"/>, and has no asynchronous members.
    /// </summary>
    public abstract class Stream : MarshalByRefObject, IDisposable
    {
        /// <summary>Closes a stream that was forgotten.</summary>
        ~Stream()
        {
            Dispose(false);
        }

        /// <summary>Whether it can be read.</summary>
        public abstract bool CanRead { get; }

        /// <summary>Whether one can go back in it.</summary>
        public abstract bool CanSeek { get; }

        /// <summary>Whether it has timeouts.</summary>
        public virtual bool CanTimeout => false;

        /// <summary>Whether it can be written.</summary>
        public abstract bool CanWrite { get; }

        /// <summary>Its length in bytes.</summary>
        public abstract long Length { get; }

        /// <summary>Where one is.</summary>
        public abstract long Position { get; set; }

        /// <summary>Milliseconds that a read waits.</summary>
        public virtual int ReadTimeout
        {
            get => throw new InvalidOperationException();
            set => throw new InvalidOperationException();
        }

        /// <summary>Milliseconds that a write waits.</summary>
        public virtual int WriteTimeout
        {
            get => throw new InvalidOperationException();
            set => throw new InvalidOperationException();
        }

        /// <summary>Closes it.</summary>
        public virtual void Close()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        /// <summary>Closes it.</summary>
        public void Dispose() => Close();

        /// <summary>Closes it.</summary>
        /// <param name="disposing">Whether it was asked for.</param>
        protected virtual void Dispose(bool disposing)
        {
        }

        /// <summary>Writes what it still has.</summary>
        public abstract void Flush();

        /// <summary>Goes to another place.</summary>
        /// <param name="offset">How far.</param>
        /// <param name="origin">From where.</param>
        /// <returns>The place.</returns>
        public abstract long Seek(long offset, SeekOrigin origin);

        /// <summary>Makes it longer or shorter.</summary>
        /// <param name="value">The length.</param>
        public abstract void SetLength(long value);

        /// <summary>Reads.</summary>
        /// <param name="buffer">Where to.</param>
        /// <returns>How many bytes.</returns>
        public abstract int Read(SpanByte buffer);

        /// <summary>Reads.</summary>
        /// <param name="buffer">Where to.</param>
        /// <param name="offset">Index of the first byte.</param>
        /// <param name="count">How many at most.</param>
        /// <returns>How many bytes.</returns>
        public abstract int Read(byte[] buffer, int offset, int count);

        /// <summary>Writes.</summary>
        /// <param name="buffer">From where.</param>
        /// <param name="offset">Index of the first byte.</param>
        /// <param name="count">How many.</param>
        public abstract void Write(byte[] buffer, int offset, int count);
    }
}
