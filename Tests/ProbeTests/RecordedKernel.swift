@testable import Probe

/// What a Linux 6.18 kernel (x86-64, KALLSYMS_ALL off, so without data symbols) was recorded to have in memory.
enum RecordedKernel {
    static let mountLock: UInt64 = 0xffff_ffff_8300_b780
    static let namespaceSem: UInt64 = 0xffff_ffff_8314_af60

    /// The lines of /proc/kallsyms for the functions that are looked for, and the next line behind each.
    static let kallsyms = """
        ffffffff813dd600 T downgrade_write
        ffffffff813dd700 t __pfx_rwsem_wake.isra.0
        ffffffff813dd7c0 T up_write
        ffffffff813dd810 T __pfx_up_read
        ffffffff813dd820 T up_read
        ffffffff813dd8c0 T __pfx_rwsem_owner
        ffffffff81462200 t m_stop
        ffffffff81462210 t __pfx_cmp_extents_forward
        ffffffff816c8e20 t __legitimize_path
        ffffffff816c8e90 t __pfx_lock_two_directories
        ffffffff816ce350 t handle_dots
        ffffffff816ce740 t __pfx_walk_component
        ffffffff816cf760 t path_lookupat
        ffffffff816cf8e0 T __pfx_getname_flags
        ffffffff816d05e0 t path_openat
        ffffffff816d18b0 T __pfx_do_filp_open
        ffffffff816e9f60 t m_stop
        ffffffff816e9f80 t __pfx_alloc_vfsmnt
        ffffffff816eaf70 t m_start
        ffffffff816eaff0 T __pfx_mnt_set_expiry
        ffffffff816ee960 t namespace_unlock
        ffffffff816eecc0 T __pfx_mark_mounts_for_expiry
        ffffffff816ef840 T __legitimize_mnt
        ffffffff816ef8f0 T __pfx___lookup_mnt
        ffffffff816efd90 T lookup_mnt
        ffffffff816efe20 T __pfx___is_local_mountpoint
        ffffffff81710a50 t prepend_path
        ffffffff81710d40 T __pfx_d_path
        ffffffff81721af0 t show_mountinfo
        ffffffff81721d90 t __pfx_show_vfsstat
        ffffffff81721da0 t show_vfsstat
        ffffffff81721f20 t __pfx_show_vfsmnt
        ffffffff81721f30 t show_vfsmnt
        ffffffff817220c0 T __pfx___fsnotify_inode_delete
        ffffffff81772fe0 t m_stop
        ffffffff81773130 t __pfx_m_start
        ffffffff81773140 t m_start
        ffffffff817733f0 t __pfx_show_smaps_rollup
        ffffffff821fca70 T down_read
        ffffffff821fcb30 T __pfx_down_read_interruptible
        ffffffff82200e20 T _raw_spin_lock
        ffffffff82200e80 T __pfx__raw_spin_lock_bh

        """

    /// Machine code, hexadecimal, by the address of its first byte.
    static let text: [(address: UInt64, code: String)] = [
        // m_stop
        (
            0xffff_ffff_8146_2200,
            """
            0f1f440000e9011fcaff660f1f440000
            """
        ),
        // m_stop
        (
            0xffff_ffff_816e_9f60,
            """
            0f1f44000048c7c760af1483e9af38cfff0f1f400066662e0f1f840000000000
            """
        ),
        // m_start
        (
            0xffff_ffff_816e_af70,
            """
            0f1f4400005553488b6f7048c7c760af14834889f3e8e61ab100488b4500488b40584885c0744f488b0b31f6eb12488d70c04839\
            d1741e488b40104885c07415488b90f80000004839ca73e2488b40084885c075eb4885f6740a488b86380100004889034889f05b\
            5d31d231c931f631ffe92591a1ff31f6ebea660f1f440000
            """
        ),
        // namespace_unlock
        (
            0xffff_ffff_816e_e960,
            """
            0f1f440000415741564155415455534883ec20488b051e625202654c8b3586f641024c897424184c8b35026252024c8d6c24084c\
            896c24084c896c2410488904244885c0740448896008488b059fc5a50148c705dc61520200000000483d50af14837435488b1585\
            c5a501488b0586c5a50148895424084c896a084c892848c70567c5a50150af1483488944241048c7055fc5a50150af1483488b05\
            40c5a50148c7c760af148348c7057e61520200000000483d40af14830f8475010000e8ddebceff488b0516c5a5014889c5483d40\
            af14830f84f3000000488d98e8feffff488b004c8da0e8feffffe9950000004885c00f84280100004839f00f84b5000000488d53\
            20bf00000002e8f1530300488bb3e8000000488d5320bf00000001e8dc530300488b83e80000004889ef48898328010000e82696\
            4a0084c07415488b9318010000488b8320010000488942084889104889ab180100004889ab20010000498dac2418010000498b84\
            24180100004c89e34881fd40af1483744f4c8da0e8feffff488bb328010000488b83e80000004885f60f8554ffffff4885c07416\
            488d53204889c6bf00000001e84f530300e96effffff488d53204889c6bf00000003e839530300e958ffffff48c7c760af1483e8\
            e8ecceff4d85f675604c89efe83b01ffff488b04244885c00f8592000000488b44241865482b05a9f441020f854f0100004883c4\
            205b5d415c415d415e415f31c031d231f631ffe98b55a1ff488d5320bf00000002e8d2520300e9f1feffffe828ecceff4d85f674\
            a049837e20000f85f3000000498b7e78be05000000e8ea96caff498d462849394628740f48c7c6c06e07834c89f7e80140caff49\
            8d7e2048c7c610b66e81e8f188d1ffe959ffffffe89753d1ff488b3c244885ff0f845cffffff49bc000100000000adde48bd2201\
            00000000adde4881eff80000000f843bffffff488b9ff8000000488b87000100004889184885db7432488943088b97440100004c\
            89a7f80000004889af0001000085d27546e812f7ffff4889df4881eff800000075bde9f3feffff48b8000100000000adde488987\
            f80000004883c022488987000100008b874401000085c07523e8d6f6ffffe9c3feffffc7874401000000000000ebae4c89f7e83d\
            43caffe900ffffffc7874401000000000000ebd1e82741b0000f1f8000000000
            """
        ),
        // __legitimize_mnt
        (
            0xffff_ffff_816e_f840,
            """
            0f1f4400008b0535bf910139c675274885ff7417488b473865ff00f0834424fc008b0519bf910139c6751931c031f631ffe99548\
            a1ffb80100000031f631ffe98748a1ff4883ec0848893c2448c7c784b70083e88815b1008305e1be910101488b0424f640130375\
            2548c7c784b700838305c9be910101e8e416b100b8ffffffff4883c40831f631ffe93d48a1ff488b403865ff0848c7c784b70083\
            83059dbe910101e8b816b100b801000000ebd290
            """
        ),
        // prepend_path
        (
            0xffff_ffff_8171_0a50,
            """
            0f1f440000554889e54157415641554989fd4154534889f34883ec28654c8b2594d53f024c896424204989d4e86ffaceff8b05f9\
            ac8f01890424a8010f858a020000c744240800000000e851faceff498b0424498b542408488944241048895424188b0548ac8f01\
            89442404a8010f8551020000c744240c00000000498b4500488b53084c8d78e0498b45084839c20f84f90000004c8b7018493b47\
            200f84060100004c39f00f8416010000488b7028410f180e8b5024488d7c2410e89ffeffff84c00f85900000004531ff8b54240c\
            85d20f84fc00000048c7c704b70083e86c04af008b44240885c00f842d01000048c7c784b70083e85404af004183ff030f84a701\
            00008b442418413b4424080f843c010000488b442410488b542418498904244989542408488b44242065482b0583d43f020f85b0\
            0100004883c4284489f85b415c415d415e415f5d31d231c931f631ffe962359fff8b44241885c00f8e1201000083e80189442418\
            488b442410488d50ff4889542410c640ff2f488b53084c89f04839c20f8507ffffff498d77204839330f842effffff4c8b701849\
            3b47200f85fafeffff498b77104939f70f84ce000000498b47184989f7e9cafeffff8b54240c41bf0300000085d20f8504ffffff\
            e80770cfff8b05d1aa8f013b4424040f84fbfeffff498b0424498b54240848c7c704b7008348894424104889542418e8c801af00\
            c744240c01000000c744240401000000e95ffeffffe8be6fcfff8b0508ab8f013b04240f84cbfeffff48c7c784b70083e89301af\
            00c744240801000000c7042401000000e9f9fdffff85c00f8e8500000083e80189442418488b442410488d50ff4889542410c640\
            ff2fe99efeffffc7442418ffffffffe945feffff498b87e80000004885c07443483d00f0ffff773b4883782001b80100000083d0\
            004189c7e91ffeffff498b0424498b54240848894424104889542418e941fefffff390e996fdfffff390e95efdffff41bf020000\
            00e9eefdffffc7442418ffffffffe92afeffffe8a020ae00
            """
        ),
        // m_stop
        (
            0xffff_ffff_8177_2fe0,
            """
            0f1f44000055534883ec10488b5f7048837b08000f84a8000000488bbb88000000488b6b704885ff7405e86172eeff807b78000f\
            85b3000000488b83800000004885c07451488b4810488db880000000bafffffffff00fc1908000000083fa01742985d20f8ec600\
            000083ea01f7c200000040741681fa010000407f0e488db9f0000000e8378ebeffeb0048c7838000000000000000e8b54bc9ff48\
            89efe85d04beff488b7b08b8fffffffff00fc1472883f801742185c07e6648c74308000000004883c4105b5d31c031d231c931f6\
            31ffe9541099ff48c7c6e03c35814881c7580b0000e80644c9ffebce488b7b7066904881c7b8000000e842a7c6ffeb9b31f64889\
            3c24e8258ee6ff488b3c244881c7b8000000e825a7c6ffe97bffffffbe030000004883c728e832fb3f00eb8abe03000000895424\
            0c48890c24e81efb3f008b54240c488b0c24e91bffffff90
            """
        ),
        // m_start
        (
            0xffff_ffff_8177_3140,
            """
            0f1f440000415741564155415455534883ec104c8b2e4983fdff0f8468010000488b5f704889fd4989f431f6488b03488b78b8e8\
            6832c1ff488943084885c00f84fc0100004c8b73704d85f60f840f010000418b868400000085c00f84fc0000008d5001f0410fb1\
            9684000000410f94c775e648817d58001a45820f8459010000488b4370488904240f1f440000488b0424488db8b8000000e8529a\
            a8000f1f44000085c00f854701000044887b784d85ed7e084c8b6b684d892c24488d7b3089d848c74328000000004883e7f848c7\
            43600000000029f88d486831c0c1e903f348ab498d46404c896b2048894310488b43084c896b1848c74338ffffffffc743580100\
            00004c8db8e80700004c89ff48890424e8c7dba800488b3c24e89e6feeff488983880000004885c07403f0ff004c89ffe827dda8\
            004983fdfe0f8420010000488b7d704883c4104c89e65b5d415c415d415e415fe993f7ffff488b4308488d7828bafffffffff00f\
            c1502883fa010f84b100000085d20f8e0e01000048c743080000000031c04883c4105b5d415c415d415e415f31d231c931f631ff\
            e9260e99ff85c0488b3c248944240c0f94c231f60fb6d2e8a48ce6ff8b44240c85c00f84e3feffffeb28488b3c2431f6e86b8be6\
            ffe9b4feffffe8d1d1c8ff4531ff48c7838000000000000000e9b9feffff4c89f7e8a601beff488b7b08b8fffffffff00fc14728\
            83f801746c85c00f8e8800000048c743080000000048c7c0fcffffffe961ffffff48c7c6e03c3581488db8580b0000e85441c9ff\
            e93fffffff4883c41048c7c0fdffffff5b5d415c415d415e415f31d231c931f631ffe9680d99ff4883c4104c89f75b5d415c415d\
            415e415fe98780adff48c7c6e03c35814881c7580b0000e80441c9ffeb87be03000000e868f83f00e9e3feffffbe030000004883\
            c728e855f83f00e965ffffff
            """
        ),
    ]

    /// Its functions, and a mount_lock that moves when it is touched.
    static func map() -> KernelMap {
        let memory = LaidOutMemory()
        for (address, code) in text { memory.write(bytes(code), at: address) }
        memory.writeWord(4000, at: mountLock)
        let touch: () -> Int32 = {
            memory.writeWord(4004, at: mountLock)
            return 0
        }
        return KernelMap(
            symbols: parseSymbols(kallsyms, SupplierCatalogue.wantedSymbols), types: nil, memory: memory, touch: touch,
            table: noSymbolTable)
    }

    private static func bytes(_ hexadecimal: String) -> [UInt8] {
        let digits = hexadecimal.compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}
